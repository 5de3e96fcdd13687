"""``python -m models.train``: rebuilds the shipped pack from the public data and our corpus.

Hands the agent's own folding and features to the training, so that what is fitted is what runs.
``--seal`` only compiles an edited lexicon and rewrites the manifest's checksums.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

from agent.inspection.gate import GATE_BUCKETS, GateWeights, dump_gate, gate_numbers
from agent.inspection.lexicon import compile_lexicon, parse_lexicon
from agent.inspection.normaliser import normalise
from agent.inspection.vocabulary import KnownWords, dump_vocabulary
from agent.second_look.features import BUCKETS, feature_numbers
from models.training.build import AgentTools, GateColumns, Plan, build
from models.training.rows import THEMES
from shared.taxonomy import TAXONOMY_VERSION, Theme

PACK_VERSION = "2026.11.1"
_HERE = Path(__file__).parent


def gate_bytes(columns: GateColumns) -> bytes:
    """Plain columns in the agent's own gate format."""
    return dump_gate(
        GateWeights(
            themes=tuple(Theme(name) for name in THEMES),
            buckets=GATE_BUCKETS,
            cells=columns.cells,
            scale=tuple(columns.scale),
            bias=tuple(columns.bias),
            slope=tuple(columns.slope),
            shift=tuple(columns.shift),
        )
    )


def agent_tools(pack_dir: Path) -> AgentTools:
    """The agent's functions with the lexicon's words as the known ones."""
    known = KnownWords(parse_lexicon((pack_dir / "lexicon.toml").read_text(encoding="utf-8")).words())
    return AgentTools(
        fold=lambda text: normalise(text, known).text,
        numbers=feature_numbers,
        buckets=BUCKETS,
        gate_numbers=gate_numbers,
        gate_buckets=GATE_BUCKETS,
        gate_bytes=gate_bytes,
        word_bytes=dump_vocabulary,
        phrase_bytes=phrase_bytes,
    )


def phrase_bytes(lexicon: bytes) -> bytes:
    """The written lexicon as devices load it, laid out for ordinary talk."""
    typical = (_HERE / "corpus" / "ordinary_home.txt").read_text(encoding="utf-8").splitlines()
    source = hashlib.sha256(lexicon).hexdigest()
    return compile_lexicon(parse_lexicon(lexicon.decode()), source=source, typical=typical)


def seal(pack_dir: Path) -> None:
    """Compile the lexicon afresh and write the checksums of the pack's present files into its manifest."""
    (pack_dir / "phrases.bin").write_bytes(phrase_bytes((pack_dir / "lexicon.toml").read_bytes()))
    path = pack_dir / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {
        name: hashlib.sha256((pack_dir / name).read_bytes()).hexdigest() for name in sorted(manifest["files"])
    }
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def main() -> None:
    """Parse the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", nargs="?", type=Path, default=_HERE.parent.parent / "shared" / "data" / "train"
    )
    parser.add_argument("--corpus", type=Path, default=_HERE / "corpus")
    parser.add_argument("--out", type=Path, default=_HERE / "shipped")
    parser.add_argument("--limit", type=int, default=45_000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--seal", action="store_true", help="only compile the lexicon and rewrite checksums")
    arguments = parser.parse_args()
    if arguments.seal:
        seal(arguments.out)
        return
    began = time.monotonic()
    plan = Plan(
        data=arguments.data,
        corpus=arguments.corpus,
        out=arguments.out,
        version=PACK_VERSION,
        taxonomy_version=TAXONOMY_VERSION,
        seed=arguments.seed,
        limit=arguments.limit,
    )
    build(
        plan,
        agent_tools(arguments.out),
        lambda line: print(f"[{time.monotonic() - began:6.0f}s] {line}", flush=True),
    )


if __name__ == "__main__":
    main()
