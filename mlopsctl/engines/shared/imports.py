"""The imports of a generated module, collected while its statements are built."""

from __future__ import annotations

from collections.abc import Iterable
from sys import stdlib_module_names

from mlopsctl.emit.python_tree import Call, FromImport, Gap, Import, Name, Statement

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


class Imports:
    """Collects the imports of a module; `own` are the modules of the same repository."""

    def __init__(self, own: Iterable[str]) -> None:
        self._own = frozenset(own)
        self._names: dict[str, set[str]] = {}
        self._modules: dict[str, str] = {}

    def name(self, module: str, name: str) -> Name:
        """Refer to a name of a module."""
        self._names.setdefault(module, set()).add(name)
        return Name(name)

    def module(self, module: str, alias: str) -> Name:
        """Refer to a module by an alias."""
        self._modules[module] = alias
        return Name(alias)

    def statements(self) -> tuple[Statement, ...]:
        """Return the import statements: standard library, installed packages, the repository's own modules."""
        statements: list[Statement] = []
        for group in range(3):
            lines: list[Statement] = [
                Import(module, self._modules[module]) for module in sorted(self._in_group(self._modules, group))
            ]
            lines += [
                FromImport(module, tuple(sorted(self._names[module], key=_isort)))
                for module in sorted(self._in_group(self._names, group))
            ]
            statements += [Gap(), *lines] if statements and lines else lines
        return tuple(statements)

    def _in_group(self, modules: Iterable[str], group: int) -> list[str]:
        return [module for module in modules if self._group(module) == group]

    def _group(self, module: str) -> int:
        top = module.partition(".")[0]
        return 2 if top in self._own else 0 if top in stdlib_module_names else 1


def duration(seconds: int, imports: Imports) -> Call:
    """Return a timedelta in the largest unit that represents it exactly."""
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return Call(imports.name("datetime", "timedelta"), keywords={unit: seconds // size})


def _isort(name: str) -> tuple[int, str]:
    """Sort as isort does: constants, then classes, then functions and variables."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)
