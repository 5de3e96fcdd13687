"""Twenty ways in which a student hides words from a filter, each a pure function of text and a random source.

Two sets, written apart: ``FAMILIES`` is what the normaliser was made for; ``UNSEEN`` mixes and varies them with
other tables and was never looked at while it was made. Never: a lexicon, a judgement.
"""

import unicodedata
from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random

Disguise = Callable[[str, Random], str]
_VOWELS = "aeiou"
_ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_HOMOGLYPHS = dict(zip("aceiopsxyjhkmt", "асеіорѕхујһкмт", strict=True))
_GREEK = dict(zip("abeiknoptuxyz", "αβεικηορτυχγζ", strict=True))
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}


def _letters(text: str, change: Callable[[str], str]) -> str:
    return "".join(change(char) if char.isalpha() else char for char in text)


def _words(text: str, change: Callable[[str], str]) -> str:
    return " ".join(map(change, text.split()))


def _upper_lower(text: str, random: Random) -> str:
    return _letters(text, lambda char: random.choice((char.upper(), char)))


def _enclosed(first: int) -> Disguise:
    return lambda text, _: _letters(
        text, lambda char: chr(first + ord(char) - 97) if char.isascii() else char
    )


def _fullwidth(text: str, _: Random) -> str:
    return _letters(text, lambda char: chr(ord(char) + 0xFEE0))


def _zero_width(text: str, random: Random) -> str:
    return _letters(text, lambda char: char + random.choice(("\u200b", "\u200d", "\u2060", "\u00ad", "")))


def _marks(text: str, random: Random) -> str:
    def marked(char: str) -> str:
        return char + "".join(chr(random.randrange(0x300, 0x36F)) for _ in range(random.randint(1, 4)))

    return _letters(text, marked)


def _accents(text: str, random: Random) -> str:
    def accented(char: str) -> str:
        mark = random.choice("\u0300\u0301\u0302\u0308")
        return unicodedata.normalize("NFC", char + mark) if char in _VOWELS else char

    return _letters(text, accented)


def _mapped(table: Mapping[str, str]) -> Disguise:
    return lambda text, _: _letters(text, lambda char: table.get(char, char))


def _some_mapped(table: Mapping[str, str]) -> Disguise:
    return lambda text, random: _letters(
        text, lambda char: table.get(char, char) if random.random() < 0.6 else char
    )


def _leet(text: str, random: Random) -> str:
    def changed(char: str) -> str:
        return random.choice(_LEET[char]) if char in _LEET and random.random() < 0.6 else char

    return _words(text, lambda word: "".join(map(changed, word)) if len(word) > 1 else word)


def _between(sign: str, gap: str) -> Disguise:
    return lambda text, _: gap.join(sign.join(word) for word in text.split())


def _repeats(text: str, random: Random) -> str:
    def stretched(word: str) -> str:
        at = random.randrange(len(word))
        return word[:at] + word[at] * random.randint(3, 6) + word[at + 1 :] if len(word) > 2 else word

    return _words(text, stretched)


def _punctuated(text: str, random: Random) -> str:
    return "".join(
        random.choice((" ", ", ", ". ", "... ", "_", "/")) if char == " " else char for char in text
    )


def _joined(text: str, _: Random) -> str:
    return text.replace(" ", "")


def _swapped(text: str, random: Random) -> str:
    def slip(word: str) -> str:
        places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
        if len(word) < 4 or not places:
            return word
        at = random.choice(places)
        return f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"

    return _words(text, slip)


def _dropped(text: str, random: Random) -> str:
    def slip(word: str) -> str:
        places = [at for at in range(1, len(word)) if word[at] in _VOWELS]
        if len(word) < 4 or not places:
            return word
        at = random.choice(places)
        return word[:at] + word[at + 1 :]

    return _words(text, slip)


def _backwards(text: str, _: Random) -> str:
    return _words(text, lambda word: word[::-1])


def _hand_aside(text: str, _: Random) -> str:
    table = {left: right for row in _ROWS for left, right in pairwise(row)}
    return "".join(table.get(char, char) for char in text)


def _emoji_letters(text: str, _: Random) -> str:
    return _words(
        text, lambda word: "".join(chr(0x1F1E6 + ord(char) - 97) if char.isalpha() else char for char in word)
    )


FAMILIES: Mapping[str, Disguise] = {
    "case": _upper_lower,
    "fullwidth": _fullwidth,
    "fraktur": _enclosed(0x1D51E),
    "zero width": _zero_width,
    "combining marks": _marks,
    "Cyrillic look-alikes": _mapped(_HOMOGLYPHS),
    "Greek look-alikes": _some_mapped(_GREEK),
    "accents": _accents,
    "leet": _leet,
    "spaced letters": _between(" ", "   "),
    "dotted letters": _between(".", " "),
    "repeated letters": _repeats,
    "punctuation between words": _punctuated,
    "joined words": _joined,
    "enclosed letters": _enclosed(0x24D0),
    "emoji letters": _emoji_letters,
    "swapped letters": _swapped,
    "dropped vowel": _dropped,
    "backwards words": _backwards,
    "hand one key aside": _hand_aside,
}


# --- The second set. Written from how people hide words, not from how the normaliser finds them. -----------------


def _one_word_only(disguise: Disguise) -> Disguise:
    """Only the longest word is hidden, as most people do."""

    def hide(text: str, random: Random) -> str:
        longest = max(text.split(), key=len)
        return _words(text, lambda word: disguise(word, random) if word == longest else word)

    return hide


def _both(first: Disguise, second: Disguise) -> Disguise:
    return lambda text, random: second(first(text, random), random)


def _starred(text: str, random: Random) -> str:
    """The way that filters are dodged in chat: the vowel of a long word becomes a star."""

    def star(word: str) -> str:
        places = [at for at in range(1, len(word) - 1) if word[at] in _VOWELS]
        at = random.choice(places) if len(word) > 3 and places else -1
        return f"{word[:at]}*{word[at + 1 :]}" if at > 0 else word

    return _words(text, star)


def _torn(text: str, random: Random) -> str:
    def tear(word: str) -> str:
        at = random.randrange(2, len(word) - 1) if len(word) > 4 else 0
        return f"{word[:at]} {word[at:]}" if at else word

    return _words(text, tear)


def _pairs_joined(text: str, _: Random) -> str:
    words = text.split()
    return " ".join("".join(words[at : at + 2]) for at in range(0, len(words), 2))


def _no_vowels(text: str, _: Random) -> str:
    def bare(word: str) -> str:
        return word[0] + "".join(char for char in word[1:] if char not in _VOWELS) if len(word) > 4 else word

    return _words(text, bare)


_SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_TURNED = dict(zip("abcdefghijklmnopqrtuvwy", "ɐqɔpǝɟɓɥıɾʞlɯuodbɹʇnʌʍʎ", strict=True)) | {
    "b": "b",
    "d": "d",
    "p": "p",
}

UNSEEN: Mapping[str, Disguise] = {
    "one word in look-alikes": _one_word_only(_mapped(_HOMOGLYPHS)),
    "one word in leet": _one_word_only(_leet),
    "one word spelled with dashes": _one_word_only(_between("-", " ")),
    "one word stretched": _one_word_only(_repeats),
    "one word swapped": _one_word_only(_swapped),
    "capitals with accents": _both(_accents, lambda text, _: text.upper()),
    "look-alikes and zero width": _both(_mapped(_HOMOGLYPHS), _zero_width),
    "leet and repeats": _both(_leet, _repeats),
    "starred vowels": _starred,
    "torn words": _torn,
    "pairs joined": _pairs_joined,
    "no vowels in long words": _no_vowels,
    "small capitals": _mapped(_SMALL_CAPITALS),
    "turned letters": _some_mapped({key: value for key, value in _TURNED.items() if value not in "qpubdnol"}),
    "bold mathematical": _enclosed(0x1D41A),
    "negative circles": _enclosed(0x1F150),
    "slashes between letters": _between("/", "  "),
    "underscores and case": _both(lambda text, _: text.replace(" ", "_"), _upper_lower),
    "swap after drop": _both(_one_word_only(_dropped), _one_word_only(_swapped)),
    "bidirectional marks": lambda text, random: _letters(
        text, lambda char: random.choice(("", "\u202a")) + char
    ),
}
