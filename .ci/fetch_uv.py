"""Finds uv, or fetches the one wheel pinned in uv.txt: by pip, by a configured index, by apt's pip.

Whatever the way, the wheel's sha256 must stand in uv.txt. No index is named here: pip knows its own,
and for the rest the machine's settings are asked.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import html
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from functools import partial
from pathlib import Path

from steps import ROOT, TOOLS, SetupError, apt_install, is_root_with_apt, run, say, step, with_retries

PINS = ROOT / ".ci" / "uv.txt"
OLDEST_UV = (0, 5, 0)
"""The first uv whose ``pip sync`` knows everything we ask of it."""
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
TIMEOUT_S = 120
NO_WAY = """uv could not be found or fetched. Do one of these and run the same command again:
  - install uv (any version from 0.5) so that `uv` is on PATH, or
  - install pip for this Python (Debian: apt-get install python3-pip; others: python3 -m ensurepip), or
  - set UV_DEFAULT_INDEX to the address of a package index (its "simple" page)."""


def find_uv() -> Path:
    """The uv to use. Raises SetupError naming what to set when there is no way to one."""
    fetched = TOOLS / ("uv.exe" if os.name == "nt" else "uv")
    for candidate in (fetched, shutil.which("uv")):
        if candidate and _version_of(Path(candidate)) >= OLDEST_UV:
            return Path(candidate)
    with step("fetched uv"):
        wheel_to_binary(_fetch_wheel(), fetched)
    return fetched


def _version_of(uv: Path) -> tuple[int, ...]:
    try:
        said = run([uv, "--version"])
    except (SetupError, OSError):
        return (0,)
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _fetch_wheel() -> Path:
    """A checked wheel in the tools folder, by the first way that works."""
    TOOLS.mkdir(exist_ok=True)
    if _has_pip(sys.executable):
        return _by_pip(sys.executable)
    indexes = configured_indexes()
    for index in indexes:
        try:
            return with_retries("index", partial(_by_index, index))
        except SetupError as error:
            say(f"a configured index did not help: {str(error).splitlines()[0]}")
    if (own := _own_pip()) is not None:
        return _by_pip(own)
    if is_root_with_apt():
        apt_install(["python3-pip"], "there is no uv, no pip and no configured index")
        pip_python = sys.executable if _has_pip(sys.executable) else "/usr/bin/python3"
        return _by_pip(pip_python)
    raise SetupError(NO_WAY)


def _has_pip(python: str) -> bool:
    return (
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def _own_pip() -> str | None:
    """The Python of a throw-away environment with pip in it, where this Python can make one."""
    folder = TOOLS / "pip"
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, check=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if made.returncode == 0 and _has_pip(str(python)):
        return str(python)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _by_pip(python: str) -> Path:
    """pip checks the hashes itself and picks the wheel of this platform."""
    folder = Path(tempfile.mkdtemp(dir=TOOLS))
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--require-hashes", "-r", str(PINS), "-d", str(folder)]
    with_retries("pip download", lambda: run(command))
    return next(folder.glob("uv-*.whl"))


def configured_indexes() -> list[str]:
    """Addresses of simple indexes that this machine's environment or pip settings name, nearest first."""
    found = [os.environ.get(name, "") for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")]
    found += os.environ.get("PIP_EXTRA_INDEX_URL", "").split()
    home = Path(os.environ.get("HOME", "/nonexistent"))
    places = [
        home / ".config/pip/pip.conf",
        home / ".pip/pip.conf",
        Path("/etc/pip.conf"),
        Path(sys.prefix) / "pip.conf",
    ]
    if "PIP_CONFIG_FILE" in os.environ:
        places.insert(0, Path(os.environ["PIP_CONFIG_FILE"]))
    for place in places:
        settings = configparser.RawConfigParser(strict=False)
        try:
            settings.read(place)
        except (configparser.Error, OSError):
            continue
        for key in ("index-url", "extra-index-url"):
            found += settings.get("global", key, fallback="").split()
    return [address.rstrip("/") + "/" for address in dict.fromkeys(found) if address]


def pinned() -> tuple[str, frozenset[str]]:
    """The version of uv and the sha256 of its wheels that this repository trusts."""
    text = PINS.read_text()
    version = re.search(r"^uv==(\S+)", text, re.MULTILINE)
    if version is None:
        raise SetupError(f"{PINS} names no version of uv")
    return version.group(1), frozenset(re.findall(r"sha256:([0-9a-f]{64})", text))


def platform_tags() -> tuple[str, ...]:
    """Pieces that the name of this platform's wheel may contain, best first."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "win32":
        return (f"win_{'arm64' if machine == 'aarch64' else 'amd64'}",)
    if sys.platform == "darwin":
        return ("macosx_11_0_arm64",) if machine == "aarch64" else ("macosx_10_12_x86_64",)
    if platform.libc_ver()[0] == "glibc":
        return tuple(f"manylinux_{minor}_{machine}" for minor in ("2_17", "2_28"))
    return (f"musllinux_1_1_{machine}",)


def read_simple_page(page: str, content_type: str, address: str) -> dict[str, str]:
    """File name → absolute address, from a PEP 691 (JSON) or PEP 503 (HTML) page fetched from ``address``."""
    if "json" in content_type:
        pairs = [(item["filename"], item["url"]) for item in json.loads(page)["files"]]
    else:
        pairs = []
        for tag, label in re.findall(r"<a\s([^>]*)>([^<]*)</a>", page, re.IGNORECASE):
            link = re.search(r"""href\s*=\s*["']([^"']+)""", tag, re.IGNORECASE)
            if link:
                pairs.append((html.unescape(label).strip(), html.unescape(link.group(1))))
    return {name: urllib.parse.urljoin(address, link).split("#")[0] for name, link in pairs}


def choose_wheel(files: dict[str, str], version: str) -> str:
    """The name of this platform's uv wheel. Raises SetupError when the page offers none."""
    for tag in platform_tags():
        for name in sorted(files):
            if name.startswith(f"uv-{version}-") and name.endswith(".whl") and tag in name:
                return name
    raise SetupError(f"the index has no uv {version} for {'/'.join(platform_tags())}")


def _by_index(index: str) -> Path:
    version, hashes = pinned()
    address, credentials = _apart(urllib.parse.urljoin(index, "uv/"))
    page, content_type, final = _download(address, {"Accept": f"{SIMPLE_JSON}, text/html;q=0.5"}, credentials)
    files = read_simple_page(page.decode(), content_type, final)
    name = choose_wheel(files, version)
    # The files may lie on another host, which has no business with the index's password.
    same_host = urllib.parse.urlsplit(files[name]).netloc == urllib.parse.urlsplit(address).netloc
    wheel, _, _ = _download(files[name], {}, credentials if same_host else "")
    if hashlib.sha256(wheel).hexdigest() not in hashes:
        raise SetupError(f"{name} from the index has a sha256 that {PINS.name} does not know; not using it")
    place = Path(tempfile.mkdtemp(dir=TOOLS)) / name
    place.write_bytes(wheel)
    return place


def _apart(address: str) -> tuple[str, str]:
    """The address without name and password, and those as the value of an Authorization header."""
    parts = urllib.parse.urlsplit(address)
    if not parts.username:
        return address, ""
    plain = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, "Basic " + base64.b64encode(plain.encode()).decode()


def _download(address: str, headers: dict[str, str], credentials: str) -> tuple[bytes, str, str]:
    """Body, content type and final address."""
    if address.startswith("file:") and address.endswith("/"):
        address += "index.html"
    request = urllib.request.Request(address, headers=headers)
    if credentials:
        request.add_unredirected_header("Authorization", credentials)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.read(), answer.headers.get("Content-Type", ""), answer.geturl()
    except (urllib.error.URLError, OSError, ValueError) as error:
        why = getattr(error, "reason", error)
        raise SetupError(f"download failed: {type(error).__name__}: {why}") from error


def wheel_to_binary(wheel: Path, binary: Path) -> None:
    """Take the one program out of the wheel and make it ours to run."""
    with zipfile.ZipFile(wheel) as archive:
        inside = next(
            name for name in archive.namelist() if re.fullmatch(r"uv-[^/]+\.data/scripts/uv(\.exe)?", name)
        )
        unpacked = binary.with_name(binary.name + ".new")
        unpacked.write_bytes(archive.read(inside))
    unpacked.chmod(unpacked.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    unpacked.replace(binary)
    shutil.rmtree(wheel.parent, ignore_errors=True)
