"""The model server's own virtual environment: MLServer cannot share one with Feast.

It is created once, and again only if its requirements change.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import which

from mlopsctl.runtime.step_context import StepFailed

SERVER = ("mlserver==1.7.1", "mlserver-mlflow==1.7.1", "uvloop<0.22")
"""uvloop 0.22 leaves MLServer's workers without an event loop."""
_MARK = ".mlopsctl-serve"
_LAST = 2000


def interpreter(
    folder: Path, requirements: Path, pins: Path | None, environ: Mapping[str, str], tell: Callable[[str], None]
) -> Path:
    """Return the environment's interpreter; create the environment first if it is missing or outdated."""
    python = folder / "bin" / "python"
    requirement_lines = [*SERVER, *_lines(requirements)]
    pin_lines = _pins(pins, requirement_lines)
    mark = hashlib.sha256("\n".join([sys.version, *requirement_lines, *pin_lines]).encode()).hexdigest()
    if python.exists() and _read(folder / _MARK) == mark:
        return python
    fast = _uv()
    tell(f"creating {folder} with MLServer and the model's libraries (once, by {'uv' if fast else 'pip'})")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run(
        [*fast, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)] if fast else _venv(folder),
        environ,
    )
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{line}\n" for line in pin_lines))
    if fast:
        start = [*fast, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    else:
        start = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*start, "--constraint", str(constraints), *requirement_lines], environ)
    (folder / _MARK).write_text(mark)
    return python


def _lines(file: Path) -> list[str]:
    """Read requirements, one per line."""
    lines = (line.strip() for line in _read(file).splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _pins(pins: Path | None, requirement_lines: Sequence[str]) -> list[str]:
    """Return the pins of packages that the model does not pin itself: serving must use the training versions."""
    pinned_names = {_name(line) for line in requirement_lines if "==" in line}
    return [line for line in _lines(pins) if _name(line) not in pinned_names] if pins else []


def _name(requirement: str) -> str:
    name = requirement.split("==", maxsplit=1)[0].split("[", maxsplit=1)[0].strip()
    return name.lower().replace("_", "-").replace(".", "-")


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _uv() -> list[str]:
    """Return the command of uv; empty if it is not available."""
    tried = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False)
    if tried.returncode == 0:
        return [sys.executable, "-m", "uv"]
    path = which("uv")
    return [path] if path else []


def _venv(folder: Path) -> list[str]:
    return [sys.executable, "-m", "venv", "--clear", str(folder)]


def _run(command: Sequence[str], environ: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        message = (done.stderr or done.stdout).strip()[-_LAST:]
        raise StepFailed(f"the server's environment could not be created: {message}")
