"""Removes what a moderator does not need: contact details, card numbers and secrets in passing.

Context passages and window titles lose e-mail addresses, phone numbers, card numbers and long tokens.
The flagged passage itself loses card numbers only (a phone number or address in it may be the very
thing that matters), each digit replaced by one sign so that Marks keep their places.
"""

import re

HIDDEN = "•"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_PHONE = re.compile(r"(?<![\w+])\+?\(?\d(?:[ ()-]{0,2}\d){8,13}(?!\w)")
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])")


def redact_context(text: str) -> str:
    """``text`` without contact details, card numbers and long tokens."""
    text = _CARD.sub(lambda found: "[card number]" if _is_card(found.group()) else found.group(), text)
    text = _EMAIL.sub("[e-mail address]", text)
    text = _TOKEN.sub("[token]", text)
    return _PHONE.sub("[phone number]", text)


def redact_passage(text: str) -> str:
    """``text`` with the digits of card numbers hidden; its length is unchanged."""
    return _CARD.sub(lambda found: _hidden(found.group()) if _is_card(found.group()) else found.group(), text)


def _is_card(text: str) -> bool:
    """Whether the digits pass Luhn's check, as those of every payment card do."""
    digits = [int(sign) for sign in reversed(text) if sign.isdecimal()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def _hidden(text: str) -> str:
    return "".join(HIDDEN if sign.isdecimal() else sign for sign in text)
