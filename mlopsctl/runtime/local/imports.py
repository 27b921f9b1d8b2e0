"""Find the imports of the user's modules by parsing, without executing them.

An import that may fail (in `try`, under `if`, in a function) is followed, but never reported.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

_BY_NAME = frozenset({"import_module", "__import__", "exec", "eval", "run_module", "run_path"})
"""Calls that import a module by name."""


class ImportedFiles(NamedTuple):
    """The files that modules reach; `open` if one may import more than its statements."""

    files: frozenset[Path]
    open: bool


class _Import(NamedTuple):
    """A module that a statement imports, and the name that it takes from it ("" for the module itself).

    A relative import of what is above the top-level package has no module.
    """

    module: str
    name: str
    line: int


class Module:
    """One file of the user's, parsed. `tree` is None if its syntax is wrong, described by `fault`."""

    def __init__(self, name: str, file: Path) -> None:
        self.name, self.file, self.fault = name, file, ""
        self.package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        self.tree: ast.Module | None = None
        try:
            self.tree = ast.parse(file.read_bytes(), str(file))
        except SyntaxError as error:
            self.fault = f"line {error.lineno}: {error.msg}"
        except (OSError, ValueError, RecursionError) as error:
            self.fault = str(error) or type(error).__name__

    @cached_property
    def all_imports(self) -> tuple[_Import, ...]:
        """All imports, at any place."""
        return tuple(import_ for node in ast.walk(self.tree or ast.Module([], [])) for import_ in self._imports(node))

    @cached_property
    def certain(self) -> tuple[_Import, ...]:
        """The imports that run when the module is imported."""
        return tuple(
            import_ for node in _certain(self.tree.body if self.tree else ()) for import_ in self._imports(node)
        )

    @cached_property
    def by_name(self) -> bool:
        """Return whether the module may import by a computed name."""
        called = (node.func for node in ast.walk(self.tree or ast.Module([], [])) if isinstance(node, ast.Call))
        return any(getattr(func, "attr", getattr(func, "id", "")) in _BY_NAME for func in called)

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The names that the module defines; None if the text does not determine them."""
        defined: set[str] = set()
        for node in _module_level(self.tree.body if self.tree else ()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                defined.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                defined.add(node.id)
        unknown = (
            self.tree is None or self.by_name or "*" in defined or "__getattr__" in defined or self._writes_globals
        )
        return None if unknown else frozenset(defined)

    @cached_property
    def _writes_globals(self) -> bool:
        nodes = list(ast.walk(self.tree or ast.Module([], [])))
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        return bool({"globals", "vars", "setattr"} & called) or any(isinstance(node, ast.Global) for node in nodes)

    def _imports(self, node: ast.AST) -> Iterator[_Import]:
        if isinstance(node, ast.Import):
            yield from (_Import(alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = self.package.split(".") if self.package else []
            above = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            beyond = node.level > len(parts)
            yield from (_Import("" if beyond else module, alias.name, node.lineno) for alias in node.names)


def _certain(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module that always run."""
    for node in body:
        yield node
        if isinstance(node, ast.ClassDef | ast.With):
            yield from _certain(node.body)


def _module_level(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a module that are in no function and no class."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _module_level(ast.iter_child_nodes(node))


class Imports:
    """The modules below a folder, each parsed once."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._known: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        """Return a module of the folder; None for a namespace package and for modules elsewhere."""
        if name not in self._known:
            base = self.home.joinpath(*name.split("."))
            files = (base / "__init__.py", base.with_name(f"{base.name}.py"))
            file = next((path for path in files if path.is_file()), None)
            self._known[name] = Module(name, file) if file else None
        return self._known[name]

    def own(self, name: str) -> bool:
        """Return whether a module's top-level package is in the folder."""
        top = name.partition(".")[0]
        return self.module(top) is not None or ((self.home / top).is_dir() and not _installed(top))

    def reached(self, names: Iterable[str]) -> ImportedFiles:
        """Return the files of the folder that modules reach, with the packages that they are in."""
        modules_found: dict[str, Module] = {}
        left = list(names)
        while left:
            for full_name in _with_packages(left.pop()):
                module = self.module(full_name)
                if module is not None and full_name not in modules_found:
                    modules_found[full_name] = module
                    imports = [item for item in module.all_imports if item.module]
                    left += [
                        name for import_ in imports for name in (import_.module, f"{import_.module}.{import_.name}")
                    ]
        modules = modules_found.values()
        return ImportedFiles(
            frozenset(module.file for module in modules), any(module.by_name or module.fault for module in modules)
        )

    def faults(self, function: str) -> Iterator[str]:
        """Yield why a function cannot be imported, a sentence each."""
        name, _, attribute = function.partition(":")
        if not self.own(name):
            if not _installed(name.partition(".")[0]):
                top = name.partition(".")[0]
                yield f"there is no module `{top}`: it must be in the spec's folder, or be installed"
            return
        if not self._exists(name):
            yield f"there is no module `{name}` in the spec's folder"
            return
        yield from self._walk(name)
        module = self.module(name)
        if module is not None and module.names is not None and not self._has(name, attribute):
            yield f"module `{name}` has no function `{attribute}`"

    def _walk(self, start: str) -> Iterator[str]:
        """Yield the faults of a module and of all its unconditional imports."""
        visited: set[str] = set()
        left = [start]
        while left:
            for full_name in _with_packages(left.pop()):
                module = self.module(full_name)
                if module is None or full_name in visited:
                    continue
                visited.add(full_name)
                where = module.file.relative_to(self.home).as_posix()
                if module.fault:
                    yield f"{where} cannot be read: {module.fault}"
                for import_ in module.certain:
                    fault = self._fault(import_)
                    if fault:
                        yield f"{where}:{import_.line} imports {fault}"
                    else:
                        left += [import_.module, f"{import_.module}.{import_.name}"]

    def _fault(self, import_: _Import) -> str:
        if not import_.module:
            return "from above its top-level package"
        if not self.own(import_.module):
            top = import_.module.partition(".")[0]
            return "" if _installed(top) else f"`{top}`, which is not installed"
        if not self._exists(import_.module):
            return f"`{import_.module}`, which is not in the spec's folder"
        if import_.name in ("", "*") or self._has(import_.module, import_.name):
            return ""
        return f"`{import_.name}` of `{import_.module}`, which has no such name"

    def _exists(self, name: str) -> bool:
        base = self.home.joinpath(*name.split("."))
        return self.module(name) is not None or base.is_dir() or bool(PathFinder.find_spec(name, [str(base.parent)]))

    def _has(self, module: str, name: str) -> bool:
        loaded = self.module(module)
        return self._exists(f"{module}.{name}") or (
            loaded is not None and (loaded.names is None or name in loaded.names)
        )


def _with_packages(name: str) -> list[str]:
    """Return a module and the packages it is in, which are imported first."""
    parts = name.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def _installed(top: str) -> bool:
    """Return whether a top-level module can be imported, without importing it."""
    if top in sys.builtin_module_names or top in sys.stdlib_module_names:
        return True
    try:
        return PathFinder.find_spec(top) is not None or find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        return top in sys.modules
