"""The gate adds up what it knows, survives what it does not, and refuses broken bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.inspection.gate import (
    Gate,
    GateError,
    GateWeights,
    dump_gate,
    gate_numbers,
    logit,
    parse_gate,
    sigmoid,
    word_numbers,
)
from shared.taxonomy import Theme

BUCKETS = 1 << 12


def weights_with(**words: tuple[int, int]) -> GateWeights:
    """A gate of two themes that knows whole words only."""
    cells = bytearray(BUCKETS * 2)
    for word, pair in words.items():
        at = word_numbers(word, BUCKETS)[0] * 2
        cells[at : at + 2] = bytes(value & 0xFF for value in pair)
    return GateWeights(
        themes=(Theme.ABUSE_DISCLOSURE, Theme.VIOLENCE),
        buckets=BUCKETS,
        cells=bytes(cells),
        scale=(0.1, 0.1),
        bias=(-2.0, -2.0),
        slope=(1.0, 1.0),
        shift=(0.0, 0.5),
    )


WEIGHTS = weights_with(hits=(40, 20), slaps=(100, 0), chess=(-120, 0))


def test_a_word_is_itself_and_its_letter_groups() -> None:
    """Groups of three to five letters, the edges of the word among them."""
    assert len(word_numbers("dad")) == 1 + 3 + 2 + 1
    assert word_numbers("dad")[1:] == word_numbers("dad")[1:]
    assert set(word_numbers("hits")) & set(word_numbers("hitting")) - {word_numbers("hits")[0]}
    assert gate_numbers(" he he ") == word_numbers("he") * 2


def test_the_sum_is_exactly_what_the_weights_say() -> None:
    """sigmoid(slope * (sum * scale / sqrt(words) + bias) + shift), a word as often as it was typed."""
    scores = Gate(WEIGHTS).score(" hits slaps hits ")
    length = 3**0.5
    assert scores[Theme.ABUSE_DISCLOSURE] == pytest.approx(sigmoid(180 * 0.1 / length - 2.0))
    assert scores[Theme.VIOLENCE] == pytest.approx(sigmoid(40 * 0.1 / length - 2.0 + 0.5))


def test_unknown_and_empty_text_gives_the_base_rate() -> None:
    """Nothing known, nothing added."""
    gate = Gate(WEIGHTS)
    assert gate.score("  ")[Theme.ABUSE_DISCLOSURE] == pytest.approx(sigmoid(-2.0))
    assert gate.score(" q ") == gate.score("  ")


def test_negative_sums_stay_in_their_own_lane() -> None:
    """One theme's minus never borrows from the next."""
    scores = Gate(WEIGHTS).score(" chess " * 50)
    assert scores[Theme.ABUSE_DISCLOSURE] == pytest.approx(sigmoid(-120 * 50 * 0.1 / 50**0.5 - 2.0))
    assert scores[Theme.VIOLENCE] == pytest.approx(sigmoid(-1.5))


@given(st.lists(st.sampled_from(["hits", "slaps", "chess", "and", "me"]), max_size=30), st.floats(0.01, 0.99))
def test_quiet_means_that_no_score_reaches_its_limit(words: list[str], ask: float) -> None:
    """The short cut and the probabilities agree, away from the very limit."""
    asks = {Theme.ABUSE_DISCLOSURE: ask, Theme.VIOLENCE: 0.9}
    gate = Gate(WEIGHTS, asks)
    scores = gate.score(" ".join(words))
    if all(abs(scores[theme] - limit) > 1e-9 for theme, limit in asks.items()):
        assert gate.is_quiet(words) is all(scores[theme] < limit for theme, limit in asks.items())


def test_a_theme_without_a_limit_is_always_quiet() -> None:
    """Offence never asks."""
    assert Gate(WEIGHTS, {}).is_quiet(["hits"] * 500)


def test_forgetting_changes_no_score() -> None:
    """The memory of words is bounded and only a memory."""
    gate = Gate(WEIGHTS)
    before = gate.score(" he hits me ")
    for number in range(5000):
        gate.is_quiet([f"word{number}"])
    assert gate.score(" he hits me ") == before


def test_it_reads_back_what_it_wrote() -> None:
    """Same bytes, same scores."""
    raw = dump_gate(WEIGHTS)
    again = parse_gate(raw)
    assert Gate(again).score(" he hits me ") == Gate(WEIGHTS).score(" he hits me ")
    assert dump_gate(again) == raw


@pytest.mark.parametrize(
    "spoil", [lambda raw: b"x" + raw, lambda raw: raw[:-1], lambda raw: raw[:20], lambda raw: raw + b"1"]
)
def test_broken_bytes_are_refused(spoil: object) -> None:
    """Wrong magic, missing or extra bytes."""
    assert callable(spoil)
    with pytest.raises(GateError):
        parse_gate(spoil(dump_gate(WEIGHTS)))


def test_logit_undoes_sigmoid_and_never_overflows() -> None:
    """Both ends are held."""
    assert logit(sigmoid(1.5)) == pytest.approx(1.5)
    assert sigmoid(-1000) == pytest.approx(0.0)
    assert sigmoid(1000) == pytest.approx(1.0)
    assert logit(0.0) < -10 < 10 < logit(1.0)
