"""Find the user's code: the packages of the functions in a spec, and the modules that a command may import."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path


def packages(functions: Iterable[str]) -> list[str]:
    """List the top-level packages of functions, each once."""
    return list(dict.fromkeys(function.partition(":")[0].partition(".")[0] for function in functions))


def modules_in(home: Path) -> list[Path]:
    """List the modules and packages of a folder, which a command that runs there may import."""
    return sorted(entry for entry in home.iterdir() if entry.suffix == ".py" or (entry / "__init__.py").is_file())


def sources(package: str) -> list[Path]:
    """List a package's source files, wherever it is installed; empty if it is not installed."""
    spec = find_spec(package)
    if spec is None:
        return []
    places = spec.submodule_search_locations or ([spec.origin] if spec.origin else [])
    return [file for place in places for file in python_files(Path(place))]


def python_files(module: Path) -> list[Path]:
    """List the source files of a module or package."""
    return sorted(module.rglob("*.py")) if module.is_dir() else [module]
