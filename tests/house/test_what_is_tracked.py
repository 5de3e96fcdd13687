"""What may never be in the repository: machine paths, registries' hosts, big files, left-over notes."""

import re
import subprocess

import pytest

from tests.house.sources import ROOT, tracked

NO_TEXT = {".onnx", ".png", ".jpg", ".ico", ".woff2", ".bin", ".gz", ".npz", ".webp"}
# Put together from pieces, so that this file does not say what it forbids.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "deb." + "debian.org",
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}/-])/(?:work|root|home/[a-z]+|farm|tmp/l|Users/[A-Za-z]+)(?=/|\b(?![\w-]))"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
MAX_FILE_BYTES = 2_500_000
BIG_ON_PURPOSE = ("models/shipped/",)


def lines_of(name: str) -> list[tuple[int, str]]:
    """The numbered lines of a tracked text file; nothing for a file that is not text."""
    if any(name.endswith(ending) for ending in NO_TEXT):
        return []
    return list(enumerate((ROOT / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1))


def hits(pattern: re.Pattern[str], *, besides: tuple[str, ...] = ()) -> list[str]:
    """``path:line`` of every match in tracked files."""
    return [
        f"{name}:{number}: {found.group()}"
        for name in tracked()
        if name not in besides
        for number, line in lines_of(name)
        if (found := pattern.search(line))
    ]


def test_no_registry_is_named() -> None:
    """Locks and settings say what, never from where: an academy trust may have a mirror of its own."""
    pattern = re.compile("|".join(re.escape(host) for host in REGISTRIES))
    assert not (found := hits(pattern)), "\n".join(found)


def test_no_path_of_one_machine_is_named() -> None:
    """A clone works wherever it lies."""
    assert not (found := hits(MACHINE_PATHS)), "\n".join(found)


@pytest.mark.parametrize("line", ["cd /wo" + "rk/main", "'/ro" + "ot/x'", "see /ho" + "me/anna/notes"])
def test_a_machine_path_is_recognised(line: str) -> None:
    """The pattern finds what it is for."""
    assert MACHINE_PATHS.search(line)


@pytest.mark.parametrize("line", ["GET /v1/root", "https://a.example/work/x", "an /api/homework", "/rooted"])
def test_an_address_is_no_machine_path(line: str) -> None:
    """The pattern leaves web addresses alone."""
    assert not MACHINE_PATHS.search(line)


def test_nothing_is_left_for_later() -> None:
    """What is known to be missing stands in an issue, not in a comment."""
    assert not (found := hits(UNFINISHED, besides=("moderation_ui/package-lock.json",))), "\n".join(found)


def test_no_file_is_too_big_for_git() -> None:
    """Data sets, builds and recordings do not belong here; the shipped pack does."""
    big = [
        f"{name}: {(ROOT / name).stat().st_size} bytes"
        for name in tracked()
        if (ROOT / name).stat().st_size > MAX_FILE_BYTES and not name.startswith(BIG_ON_PURPOSE)
    ]
    assert not big, "\n".join(big)


def test_what_is_made_is_not_tracked() -> None:
    """Everything that git is told to ignore stays out."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-ci", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not listed.stdout
