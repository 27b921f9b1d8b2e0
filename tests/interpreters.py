"""Other Python versions of this machine, each with the core's dependencies and nothing else.

In: a version, or an interpreter with the pins. Out: an interpreter that imports the checkout. It is made
once for each set of pins and kept; the environment that runs the tests is never touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

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


def core_environment(python: Path, below: Path, pins: Path, checkout: Path) -> Path:
    """Make an environment with the core's pins, or find the one made before."""
    made_of = sha256(f"{python.resolve()} {checkout}\n".encode() + pins.read_bytes()).hexdigest()
    folder = below / made_of[:12]
    if not folder.is_dir():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        install(python, fresh, pins, checkout)
        keep(fresh, folder)
    return folder / "bin" / "python"


def install(python: Path, folder: Path, pins: Path, checkout: Path) -> None:
    """Install the pins; the package itself is read from the checkout through a .pth file."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    needed = [line for line in pins.read_text().splitlines() if not line.startswith(NOT_FOR_RUNNING)]
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([folder / "bin" / "python", *pip, *needed], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "checkout.pth").write_text(f"{checkout}\n")


def keep(fresh: Path, folder: Path) -> None:
    """Put the finished environment in its place, unless another worker was quicker."""
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
