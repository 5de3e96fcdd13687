"""A filter that never forgets a word it was given and hardly ever claims one it was not."""

import pytest

from agent.inspection.vocabulary import VocabularyError, dump_vocabulary, parse_vocabulary

WORDS = [f"word{number}" for number in range(5000)]


def test_every_given_word_is_known_and_few_others() -> None:
    """No false no; about one false yes in two hundred."""
    vocabulary = parse_vocabulary(dump_vocabulary(WORDS))
    assert all(word in vocabulary for word in WORDS)
    strangers = sum(f"stranger{number}" in vocabulary for number in range(5000))
    assert strangers < 100


def test_an_empty_vocabulary_knows_nothing() -> None:
    """And its order does not matter."""
    assert "home" not in parse_vocabulary(dump_vocabulary([]))
    assert dump_vocabulary(WORDS) == dump_vocabulary(reversed(WORDS))


@pytest.mark.parametrize("raw", [b"", b"nothing", dump_vocabulary(WORDS)[:-1], dump_vocabulary(WORDS) + b"1"])
def test_other_bytes_are_refused(raw: bytes) -> None:
    """Wrong magic or a length that is no filter's."""
    with pytest.raises(VocabularyError):
        parse_vocabulary(raw)
