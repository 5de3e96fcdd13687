"""An environment of its own for the engines we measure ourselves against, and children that run beside them.

Made on first use under .tools/bench-peers; nothing of it is ever a dependency of the product.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PLACE = ROOT / ".tools" / "bench-peers"
PEERS = (
    "hyperscan==0.9.1",
    "pyahocorasick==2.3.1",
    "flashtext==2.7",
    "skl2onnx==1.20.0",
    "scikit-learn>=1.9,<2",
)


def run_beside(module: str, question: dict[str, Any], *, limit_s: float) -> dict[str, Any]:
    """Answer of ``python -m module`` (JSON in, JSON out), which may import the peers.

    Raises RuntimeError with the child's last words when it fails.
    """
    command = [sys.executable, "-m", module, str(_site_packages())]
    ran = subprocess.run(
        command, input=json.dumps(question), capture_output=True, text=True, cwd=ROOT, timeout=limit_s
    )
    if ran.returncode:
        raise RuntimeError(f"{module} failed: {ran.stderr.strip()[-300:]}")
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer


def _site_packages() -> Path:
    """Where the peers are installed, after making sure that they are."""
    stamp = _PLACE / "installed.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(PEERS):
        uv = ROOT / ".tools" / "uv"
        tool = str(uv) if uv.exists() else shutil.which("uv")
        if tool is None:
            raise RuntimeError("the peers need uv: run any make command once, it fetches it")
        python = _PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([tool, "venv", "-q", "--clear", "--python", sys.executable, str(_PLACE)], check=True)
        subprocess.run([tool, "pip", "install", "-q", "--python", str(python), *PEERS], check=True)
        stamp.write_text("\n".join(PEERS))
    return next(_PLACE.glob("Lib/site-packages" if sys.platform == "win32" else "lib/python*/site-packages"))
