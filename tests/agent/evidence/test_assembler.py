"""Flag and Passage become an Event: ids, times, redaction and the dedup key."""

import os
from dataclasses import replace
from datetime import timedelta

from agent.evidence.assembler import Assembler
from agent.inspection.buffer import Passage
from shared.event import ContextPassage
from shared.taxonomy import Severity, Theme
from tests.kit.passages import CHAT, NINE, WORDS, a_flag, a_passage

ASSEMBLER = Assembler("mokafor", b"k" * 32, "2026.11.1", os.urandom)


def test_header_and_body() -> None:
    context = (ContextPassage("write to sam@example.org", NINE),)
    evidence = ASSEMBLER.assemble(a_flag(), a_passage(deleted="em"), context, b"jpeg")
    header, body = evidence.header, evidence.body
    assert (header.theme, header.severity, header.probability) == (
        Theme.ABUSE_DISCLOSURE, Severity.LEVEL_4, 0.9,
    )  # fmt: skip
    assert header.occurred_at == NINE
    assert header.id.version == 7
    assert header.id.int >> 80 == int(NINE.timestamp() * 1000)
    assert (header.pack_version, header.reasons) == ("2026.11.1", ("term:t05-1",))
    assert (body.passage, body.deleted_text, body.account) == (WORDS, "em", "mokafor")
    assert body.marks == a_flag().marks
    assert body.context == (ContextPassage("write to [e-mail address]", NINE),)
    assert evidence.screenshot == b"jpeg"


def test_titles_are_redacted_and_marks_keep_their_places() -> None:
    focus = replace(CHAT, window_title="Inbox - sam@example.org")
    text = f"4111 1111 1111 1111 {WORDS}"
    passage: Passage = a_passage(text, focus=focus)
    body = ASSEMBLER.assemble(a_flag(text=text), passage, (), None).body
    assert body.window_title == "Inbox - [e-mail address]"
    assert len(body.passage) == len(text)
    assert body.passage.endswith(WORDS)


def test_the_dedup_key_says_the_same_for_the_same_and_nothing_else() -> None:
    first = ASSEMBLER.assemble(a_flag(), a_passage(), (), None).header
    again = ASSEMBLER.assemble(a_flag(), a_passage(at=NINE + timedelta(hours=1)), (), None).header
    other = ASSEMBLER.assemble(a_flag(text="something else"), a_passage(), (), None).header
    stranger = Assembler("x", b"j" * 32, "1", os.urandom).assemble(a_flag(), a_passage(), (), None).header
    assert first.dedup_key == again.dedup_key
    assert len({first.dedup_key, other.dedup_key, stranger.dedup_key}) == 3
    assert first.id != again.id
    assert len(first.dedup_key) == 64


def test_a_probability_out_of_range_is_brought_back() -> None:
    flag = replace(a_flag(), probability=1.0000001)
    assert ASSEMBLER.assemble(flag, a_passage(), (), None).header.probability == 1.0
