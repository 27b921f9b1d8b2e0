"""Environments of the engines' real libraries, each on its own: they do not bear each other.

In: the name of a file of pins below `constraints/`. Out: an interpreter that has them and imports the checkout. It is
made once for each set of pins, and kept in `.tools/environments`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from interpreters import keep

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".tools" / "environments"


class Missing(Exception):  # noqa: N818 - a state of the machine, not of the code
    """An environment that cannot be made here, and why."""


def library(name: str) -> Path:
    """Make the environment of `constraints/NAME.txt`, or find the one made before; Missing where it cannot be had."""
    pins = ROOT / "constraints" / f"{name}.txt"
    folder = ENVIRONMENTS / f"{name}-{sha256(pins.read_bytes() + sys.version.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        try:
            _install(fresh, pins)
        except subprocess.CalledProcessError as error:
            shutil.rmtree(fresh, ignore_errors=True)
            said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
            raise Missing(f"the environment of {name} cannot be made here: {said[-1] if said else error}") from None
        keep(fresh, folder)
    return folder / "bin" / "python"


def _install(folder: Path, pins: Path) -> None:
    """Install exactly the pins, with uv where the environment of the tests has it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run(sys.executable, "-m", "venv", folder)
    uv = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False).returncode == 0
    python = folder / "bin" / "python"
    quick = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    slow = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(*(quick if uv else slow), "--no-deps", "-r", pins)


def _run(*command: str | Path) -> None:
    subprocess.run(command, capture_output=True, check=True)


def environment(**more: str) -> dict[str, str]:
    """Return the variables of a process in such an environment: the checkout is on its path."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **more}
