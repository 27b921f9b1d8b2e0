"""The user's own code: the packages of the functions that a spec names, and what a command may import.

In: functions as `package.module:name`, the folder that steps run in. Out: top-level packages, and their source files.
Never imports or runs any of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path


def packages(functions: Iterable[str]) -> list[str]:
    """List the top-level packages of functions, each once."""
    return list(dict.fromkeys(one.partition(":")[0].partition(".")[0] for one in functions))


def beside(home: Path) -> list[Path]:
    """List the modules and packages of a folder, which a command that runs there may import."""
    return sorted(each for each in home.iterdir() if each.suffix == ".py" or (each / "__init__.py").is_file())


def sources(package: str) -> list[Path]:
    """List a package's source files, wherever it is installed; none where it is not."""
    found = find_spec(package)
    if found is None:
        return []
    places = found.submodule_search_locations or ([found.origin] if found.origin else [])
    return [file for place in places for file in python_files(Path(place))]


def python_files(module: Path) -> list[Path]:
    """List the source files of a module or package."""
    return sorted(module.rglob("*.py")) if module.is_dir() else [module]
