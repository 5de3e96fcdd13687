"""What is taken out, what stays, and that Marks keep their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence.redactor import HIDDEN, redact_context, redact_passage

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("mail me at sam.o+x@example.co.uk ok", "mail me at [e-mail address] ok"),
        ("call 07700 900123 tonight", "call [phone number] tonight"),
        ("call +44 7700 900123", "call [phone number]"),
        ("(0161) 496-0000", "[phone number]"),
        (f"card {CARD}!", "card [card number]!"),
        ("key ghp_abcdEFGH1234567890abcdEFGH", "key [token]"),
        ("see you at 8.30 in room 12", "see you at 8.30 in room 12"),
        ("in 2026 we were 14", "in 2026 we were 14"),
        ("supercalifragilisticexpialidocious", "supercalifragilisticexpialidocious"),
        ("", ""),
    ],
)
def test_context(text: str, redacted: str) -> None:
    assert redact_context(text) == redacted


def test_the_flagged_passage_loses_card_numbers_only() -> None:
    text = f"he has {CARD}, his number is 07700 900123"
    assert redact_passage(text) == "he has •••• •••• •••• ••••, his number is 07700 900123"


def test_digits_that_are_no_card_stay() -> None:
    assert redact_passage("4111 1111 1111 1112") == "4111 1111 1111 1112"
    assert redact_passage("0000 0000 0000 0000") == "0000 0000 0000 0000"


@given(st.text("0123456789 -ab", max_size=80))
def test_the_passage_keeps_its_length_and_all_but_digits(text: str) -> None:
    redacted = redact_passage(text)
    assert len(redacted) == len(text)
    assert all(
        new in (old, HIDDEN) and (new == old or old.isdecimal())
        for old, new in zip(text, redacted, strict=True)
    )
