"""Normalised text in, feature numbers out: hashed character and word n-grams, standard library only.

The training and the child process use this same function, so that neither can drift from the other.
"""

from functools import lru_cache
from zlib import crc32

BUCKETS = 1 << 17
MAX_FEATURES = 2048
_SHORTEST, _LONGEST = 2, 5


def feature_numbers(normalised: str) -> list[int]:
    """Distinct bucket numbers of character 2-5-grams inside words, words and word pairs.

    At most MAX_FEATURES, those of the earliest words; always at least one for text that has a word.
    """
    words = normalised.split()
    seen: dict[int, None] = {}
    for at, word in enumerate(words):
        seen.update(_of_word(word))
        if at:
            seen[_bucket(f"p:{words[at - 1]} {word}")] = None
        if len(seen) >= MAX_FEATURES:
            break
    return list(seen)[:MAX_FEATURES]


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> dict[int, None]:
    padded = f" {word} "
    grams = {
        _bucket(padded[start : start + size]): None
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    }
    grams[_bucket(f"w:{word}")] = None
    return grams


def _bucket(gram: str) -> int:
    return crc32(gram.encode()) % BUCKETS
