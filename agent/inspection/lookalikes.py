"""What one character stands for when it is read by eye: letters of other scripts, enclosed and small letters.

A table and one function, both without state that matters. Never: a word, a judgement.
"""

import unicodedata
from functools import lru_cache

APOSTROPHES = frozenset("'’‘‛`´ʼʹ＇′")
SYMBOLS = frozenset("@$!|+(*")
"""Signs that are typed for a letter inside a word; whether they are one is settled word by word."""
_BY_LETTER = {
    "a": "аαɑɐᴀӑӓąƌ∀λ@Ꭺᗩ", "b": "ьвβƀɓʙᏏᗷбъ", "c": "сϲсᴄƈɔҫєᏟᑕ¢©", "d": "ԁɗđᴅժᎠᗪ∂δ", "e": "еєεҽɛəǝᴇɘℯέĕ℮Ꭼᗴэ€ё",
    "f": "ғƒꜰɟϝᖴ", "g": "ɡցɢǥɠᏀᘜ", "h": "һнհɦʜɥᏂᕼħ", "i": "іιɩıɪíᎥї¡", "j": "јʝɉᴊϳᒍ", "k": "кκĸᴋƙқᏦ",
    "l": "ӏℓłʟꞁɭᏞᒪ", "m": "мϻɱᴍɯᎷᗰ", "n": "пηɴñոռᑎ", "o": "оοσօᴏøɵ○Ꮎᗝөﻩθ", "p": "рρᴘƿᏢᑭþ", "q": "ԛզɋ", "r": "гʀɼɹяᏒᖇř®",
    "s": "ѕꜱʂƨᏚᔕ§", "t": "тτᴛŧʇƭт†ᎢƬ", "u": "υսᴜʊцᑌµ", "v": "ѵνᴠʌᏙᐯ√", "w": "ԝωᴡʍшщᏔᗯ", "x": "хχҳ×᙭ж",
    "y": "уγʏўүҮყ¥ʎ", "z": "ʐᴢƶᏃζ",
}  # fmt: skip
"""Letters that pass for a Latin one, looked up after compatibility folding; the first that names one wins."""
_ENCLOSED = (0x1F110, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6, 0x249C)
_UNSEEN = frozenset({"Mn", "Me", "Cf"})


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for letter, others in _BY_LETTER.items():
        for other in others:
            if not other.isascii():
                for part in unicodedata.normalize("NFKD", other).casefold():
                    if unicodedata.category(part) not in _UNSEEN and not part.isascii():
                        table.setdefault(part, letter)
                table.setdefault(other, letter)
    return table


_TABLE = _table()


def _is_unseen(char: str) -> bool:
    """Marks and joiners go before case is folded: one mark would become a letter by it."""
    return unicodedata.category(char) in _UNSEEN


@lru_cache(maxsize=4096)
def seen_as(char: str) -> str:
    """Letters, digits, a sign that may be a letter, an emoji, a space, or nothing for what is not seen."""
    if char in APOSTROPHES:
        return ""
    code = ord(char)
    for first in _ENCLOSED:
        if first <= code < first + 26:
            return chr(code - first + 97)
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not _is_unseen(part))
    out = []
    for part in bare.casefold():
        kind = unicodedata.category(part)
        if kind in _UNSEEN:
            continue
        if part in _TABLE:
            out.append(_TABLE[part])
        elif part.isalnum() or part in SYMBOLS or kind == "So":
            out.append(part)
        else:
            out.append(" ")
    return "".join(out)
