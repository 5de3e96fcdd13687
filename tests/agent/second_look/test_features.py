"""Feature numbers are fixed for ever: the shipped weights depend on every one of them."""

from zlib import crc32

from agent.second_look.features import BUCKETS, MAX_FEATURES, feature_numbers


def test_numbers_are_the_documented_hashes() -> None:
    """Characters inside a padded word, the word, and the pair."""
    grams = ["w:hi", "w:me", "p:hi me"]
    for padded in (" hi ", " me "):
        grams += [padded[at : at + size] for size in range(2, 6) for at in range(len(padded) - size + 1)]
    assert set(feature_numbers(" hi me ")) == {crc32(gram.encode()) % BUCKETS for gram in grams}


def test_numbers_are_distinct_bounded_and_in_range() -> None:
    """A long passage is cut, not refused."""
    numbers = feature_numbers(" ".join(f"word{at}" for at in range(3000)))
    assert len(numbers) == len(set(numbers)) == MAX_FEATURES
    assert all(0 <= number < BUCKETS for number in numbers)


def test_empty_text_has_no_features() -> None:
    """Nothing typed, nothing seen."""
    assert feature_numbers("  ") == []
