"""Whether a word is one that people ordinarily write: a Bloom filter in a few ten thousand bytes.

About one stranger in two hundred passes for known, which only means that it is not repaired. Holds no word
that could be read back. Never: a file, a judgement.
"""

from collections.abc import Container, Iterable
from zlib import crc32

MAGIC = b"LANTERN-WORDS-1\n"
_BITS_A_WORD = 12
_PROBES = 6
_REMEMBERED = 8192
_PLAIN_LETTERS = frozenset("aiux")
_NO_WORDS: frozenset[str] = frozenset()


class VocabularyError(ValueError):
    """Bytes that are not a vocabulary."""


class Vocabulary:
    """A set of words (or pairs) that can only be asked."""

    def __init__(self, bits: bytes) -> None:
        """Keep the filter's bits; their number is a power of two."""
        self._bits = bits
        self._mask = len(bits) * 8 - 1

    def __contains__(self, word: object) -> bool:
        bits, mask = self._bits, self._mask
        return all(bits[at >> 3] >> (at & 7) & 1 for at in _places(str(word), mask))


class KnownWords:
    """The words of the lexicon and of ordinary writing; remembers which words it has found plain."""

    def __init__(self, lexicon: Container[str] = _NO_WORDS, ordinary: Container[str] = _NO_WORDS) -> None:
        """Keep both; neither is copied."""
        self._lexicon, self._ordinary = lexicon, ordinary
        self._plain: set[str] = set()
        self._strange: set[str] = set()

    def __contains__(self, word: object) -> bool:
        return word in self._lexicon or word in self._ordinary

    def are_plain(self, words: Iterable[str]) -> bool:
        """Whether every word is known. Most single letters are not, as words are spelled out with them."""
        plain = self._plain
        if plain.issuperset(words):
            return True
        return all(word in plain or self._is_plain(word) for word in words)

    def _is_plain(self, word: str) -> bool:
        if word in self._strange:
            return False
        for memory in (self._plain, self._strange):
            if len(memory) > _REMEMBERED:
                memory.clear()
        is_letter = len(word) < 2 and word.isalpha()
        is_known = word.isdigit() or (word in _PLAIN_LETTERS if is_letter else word in self)
        (self._plain if is_known else self._strange).add(word)
        return is_known


def _places(word: str, mask: int) -> list[int]:
    first = crc32(word.encode("utf-8", "surrogatepass"))
    step = (first * 0x9E3779B1 >> 13) | 1
    return [(first + probe * step) & mask for probe in range(_PROBES)]


def vocabulary_bits(words: Iterable[str]) -> bytes:
    """The filter's bits for these words."""
    held = sorted(set(words))
    size = 64
    while size * 8 < len(held) * _BITS_A_WORD:
        size *= 2
    bits = bytearray(size)
    for word in held:
        for at in _places(word, size * 8 - 1):
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def parse_vocabulary(raw: bytes) -> Vocabulary:
    """The vocabulary in ``raw``. Raises VocabularyError for anything else."""
    bits = raw.removeprefix(MAGIC)
    if len(bits) == len(raw) or len(bits) < 64 or len(bits) & (len(bits) - 1):
        raise VocabularyError("not a vocabulary of this version")
    return Vocabulary(bits)


def dump_vocabulary(words: Iterable[str]) -> bytes:
    """The bytes that parse_vocabulary reads back."""
    return MAGIC + vocabulary_bits(words)
