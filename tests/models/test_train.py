"""What the command hands to the training is the agent's own; sealing makes an edited lexicon valid."""

import shutil
from pathlib import Path

import pytest

from agent.inspection.gate import GATE_BUCKETS, Gate, parse_gate, word_numbers
from agent.inspection.lexicon import parse_lexicon
from agent.inspection.matcher import Matcher
from agent.inspection.normaliser import normalise
from agent.upkeep.pack import PackError, load_pack
from models.train import agent_tools, gate_bytes, seal
from models.training.build import GateColumns
from models.training.rows import THEMES
from shared.taxonomy import Theme

SHIPPED = Path(__file__).parents[2] / "models" / "shipped"


def test_gate_columns_become_a_gate_that_scores() -> None:
    """One key, one theme raised."""
    width = len(THEMES)
    cells = bytearray(GATE_BUCKETS * width)
    cells[word_numbers("hits")[0] * width + THEMES.index("T05")] = 100
    columns = GateColumns(bytes(cells), [0.1] * width, [-3.0] * width, [1.0] * width, [0.0] * width)
    scores = Gate(parse_gate(gate_bytes(columns))).score(" hits ")
    assert scores[Theme.ABUSE_DISCLOSURE] > 0.99
    assert scores[Theme.GAMBLING] < 0.05


def test_the_tools_fold_as_the_agent_folds() -> None:
    """Offences and repeats included."""
    tools = agent_tools(SHIPPED)
    assert tools.fold("I DON'T feel s4fe!!") == " i dont feel safe "
    assert tools.gate_numbers(" a b ") == [*word_numbers("a"), *word_numbers("b")]
    assert tools.numbers(" a ")


def test_an_edited_lexicon_is_refused_until_sealed(tmp_path: Path) -> None:
    """The manifest notices, and ``--seal`` settles it."""
    pack = tmp_path / "pack"
    shutil.copytree(SHIPPED, pack)
    with (pack / "lexicon.toml").open("a") as file:
        file.write("\n# edited\n")
    with pytest.raises(PackError):
        load_pack(pack)
    seal(pack)
    assert load_pack(pack).version == load_pack(SHIPPED).version


def test_sealing_compiles_what_was_written(tmp_path: Path) -> None:
    """A new phrase is found after sealing, and sealing twice changes nothing."""
    pack = tmp_path / "pack"
    shutil.copytree(SHIPPED, pack)
    with (pack / "lexicon.toml").open("a") as file:
        file.write('\n[[term]]\nid = "T20.made-up"\nlevel = 2\nweight = 0.5\nphrases = ["zork plugh"]\n')
    seal(pack)
    first = (pack / "phrases.bin").read_bytes()
    found = Matcher(load_pack(pack).phrases).find(normalise("a Zork, plugh!"))
    assert [match.term.id for match in found.matches] == ["T20.made-up"]
    seal(pack)
    assert (pack / "phrases.bin").read_bytes() == first


def test_the_shipped_phrases_are_the_shipped_lexicon() -> None:
    """Nobody edited the lexicon and forgot to seal it."""
    lexicon = parse_lexicon((SHIPPED / "lexicon.toml").read_text(encoding="utf-8"))
    phrases = load_pack(SHIPPED).phrases
    assert phrases.terms == tuple(entry.term for entry in lexicon.entries)
    assert phrases.words == lexicon.words()
