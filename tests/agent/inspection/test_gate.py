"""The gate adds up what it knows, survives what it does not, and refuses broken bytes."""

import pytest

from agent.inspection.gate import (
    Gate,
    GateError,
    GateWeights,
    dump_gate,
    gate_keys,
    logit,
    parse_gate,
    sigmoid,
)
from shared.taxonomy import Theme

WEIGHTS = GateWeights(
    themes=(Theme.ABUSE_DISCLOSURE, Theme.VIOLENCE),
    rows={"hits": 0, "hits me": 2, "chess": 4},
    cells=(40, 20, 100, 0, -120, 0),
    scale=(0.1, 0.1),
    bias=(-2.0, -2.0),
    slope=(1.0, 1.0),
    shift=(0.0, 0.5),
)


def test_keys_are_words_and_neighbouring_pairs() -> None:
    """Each once, in order."""
    assert gate_keys(" he hits me he hits ") == ["he", "hits", "me", "he hits", "hits me", "me he"]


def test_the_sum_is_exactly_what_the_weights_say() -> None:
    """sigmoid(slope * (sum * scale / sqrt(keys) + bias) + shift)."""
    scores = Gate(WEIGHTS).score(" hits me ")
    length = 3**0.5
    assert scores[Theme.ABUSE_DISCLOSURE] == pytest.approx(sigmoid(140 * 0.1 / length - 2.0))
    assert scores[Theme.VIOLENCE] == pytest.approx(sigmoid(20 * 0.1 / length - 2.0 + 0.5))


def test_unknown_and_empty_text_gives_the_base_rate() -> None:
    """Nothing known, nothing added."""
    gate = Gate(WEIGHTS)
    assert gate.score("  ")[Theme.ABUSE_DISCLOSURE] == pytest.approx(sigmoid(-2.0))
    assert gate.score(" unknown ") == gate.score("  ")


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
