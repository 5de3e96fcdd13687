"""`python -m bench`: measure the bars and write bench.json. Ends with 1 unless everything asked for is ok."""

import argparse
import sys
from pathlib import Path

from bench.runner import choose, find_bars, measure, write


def main(arguments: list[str]) -> int:
    """Parse, measure, write. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="B3,B4", help="only these bars")
    parser.add_argument(
        "--json", type=Path, default=Path("bench.json"), metavar="FILE", help="where to write"
    )
    chosen = parser.parse_args(arguments)
    try:
        ids = choose(chosen.only)
    except ValueError as error:
        parser.error(str(error))
    entries = measure(ids, find_bars())
    write(entries, chosen.json)
    print(f"written to {chosen.json}")
    return 0 if all(entry["ok"] for entry in entries.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
