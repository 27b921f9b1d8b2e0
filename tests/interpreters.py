"""Other Python versions of this machine, each with the core's dependencies, or with those of the steps.

In: a version, or an interpreter with the pins. Out: an interpreter that imports the checkout. It is made
once for each set of pins and kept; the environment that runs the tests is never touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
NOT_FOR_RUNNING = ("#", "uv==", "setuptools==")


def interpreter(version: str) -> Path | None:
    """Find a Python of this version on the PATH or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))
    for place in filter(None, [shutil.which(f"python{version}"), *map(str, kept)]):
        probe = subprocess.run([place, "-c", "import venv, ensurepip"], capture_output=True, check=False)
        if probe.returncode == 0:
            return Path(place)
    return None


def core_environment(python: Path, below: Path, checkout: Path) -> Path:
    """Make an environment with the core's pins, or find the one made before."""
    return environment(python, below, checkout, [checkout / "constraints" / "core.txt"], _core)


def run_environment(python: Path, below: Path, checkout: Path) -> Path:
    """Make an environment with the extra `run` at its pins, or find the one made before."""
    pins = [checkout / "constraints" / "core.txt", checkout / "constraints" / "run.txt"]
    return environment(python, below, checkout, [*pins, checkout / "pyproject.toml"], _run)


Install = Callable[[Path, Sequence[Path]], None]


def environment(python: Path, below: Path, checkout: Path, made_of: Sequence[Path], install: Install) -> Path:
    """Make an environment, or find the one made before; the package itself is read from the checkout."""
    digest = sha256(f"{python.resolve()} {checkout}\n".encode() + b"".join(file.read_bytes() for file in made_of))
    folder = below / digest.hexdigest()[:12]
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        subprocess.run([python, "-m", "venv", fresh], check=True)
        install(fresh / "bin" / "python", made_of)
        packages = next(fresh.glob("lib/python*/site-packages"))
        (packages / "checkout.pth").write_text(f"{checkout}\n")
        keep(fresh, folder)
    return folder / "bin" / "python"


def _core(python: Path, made_of: Sequence[Path]) -> None:
    needed = [line for line in made_of[0].read_text().splitlines() if not line.startswith(NOT_FOR_RUNNING)]
    subprocess.run([python, *PIP, "--no-deps", *needed], check=True)


def _run(python: Path, made_of: Sequence[Path]) -> None:
    """Install what pyproject.toml asks for, with byte code: every step is a process that imports it anew."""
    *pins, project = made_of
    extra = tomllib.loads(project.read_text())["project"]
    needed = [*extra["dependencies"], *extra["optional-dependencies"]["run"]]
    held = [word for file in pins for word in ("--constraint", str(file))]
    uv = [sys.executable, "-m", "uv"]
    if subprocess.run([*uv, "--version"], capture_output=True, check=False).returncode == 0:
        start = [*uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    else:
        start = [str(python), *PIP]
    subprocess.run([*start, *held, *needed], check=True)


def keep(fresh: Path, folder: Path) -> None:
    """Put the finished environment in its place, unless another worker was quicker."""
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
