"""An install as users have one: a wheel in an environment of its own, byte code compiled.

In: a scratch folder. Out: the path of its `mlopsctl` and `python`. An editable install starts slower and would lie.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Install(NamedTuple):
    """The programs of an install."""

    python: str
    mlopsctl: str


def install(folder: Path) -> Install:
    """Make the environment and install the working tree's package into it, with the pins."""
    home = folder / "installed"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    pins = ["--constraint", str(ROOT / "constraints" / "core.txt")]
    uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python), "--compile-bytecode"]
    subprocess.run([*uv, *pins, "--no-build-isolation-package", "none", str(ROOT)], check=True)
    return Install(str(python), str(home / "bin" / "mlopsctl"))
