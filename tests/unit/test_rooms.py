"""The rooms of the house: what each may import, read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "mlopsctl"

# A room, and the modules it may import beside its own. `compile` is the list of steps itself, and so it knows them all.
ALLOWED: dict[str, tuple[str, ...]] = {
    "diagnostics": (),
    "source": ("diagnostics",),
    "spec": ("source", "diagnostics"),
    "resolve": ("spec", "diagnostics", "source.node"),
    "rules": ("resolve.model", "catalogue", "diagnostics"),
    "catalogue": (),
    "blueprint": ("resolve.model", "catalogue", "diagnostics"),
    "emit": ("diagnostics",),
    "tree": ("diagnostics",),
    "targets": ("blueprint.model", "blueprint.codec", "catalogue", "emit", "tree.fileset", "tree.paths", "diagnostics"),
    "explain": ("blueprint", "resolve", "spec", "source.node", "emit.origin", "tree", "diagnostics"),
    "forge": ("diagnostics",),
    # The catalogue says what another engine would not do: a portability report is made of its answers.
    "change": ("blueprint.model", "catalogue", "tree", "diagnostics"),
    "runtime": ("blueprint.model", "catalogue"),
    "edit": ("spec.shape", "spec.words", "source", "diagnostics"),
    "registries": ("runtime.registry",),
    "lock": ("resolve.model", "diagnostics"),
}
FREE = {"cli", "compile", "cluster", "__init__", "__main__"}
MODULES = sorted(PACKAGE.rglob("*.py"))
# The text of it is put into notebooks, where it is a step's; nothing of the package calls it.
RUN_ELSEWHERE = {"targets.kale.handing"}


def room(module: str) -> str:
    return module.partition(".")[0]


def name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            near = ".".join(path.relative_to(PACKAGE.parent).parts[: -node.level]) if node.level else ""
            module = ".".join(part for part in (near, node.module) if part)
            inside = PACKAGE.parent / module.replace(".", "/")
            for alias in node.names:
                is_module = (inside / f"{alias.name}.py").is_file() or (inside / alias.name).is_dir()
                yield f"{module}.{alias.name}" if is_module else module


def within(module: str, allowed: str) -> bool:
    return module == allowed or module.startswith(f"{allowed}.")


def own(path: Path) -> tuple[str, ...]:
    """Return what a module may import as its own: its room; a target's, its folder and what all targets share."""
    here = name(path)
    if room(here) != "targets":
        return (room(here),)
    folder = path.relative_to(PACKAGE / "targets").parts[0]
    shared = tuple(f"targets.{one.stem}" for one in (PACKAGE / "targets").glob("*.py") if one.stem != "__init__")
    return (*shared, f"targets.{folder.removesuffix('.py')}", *(("targets",) if folder.endswith(".py") else ()))


def strangers(path: Path) -> list[str]:
    here = room(name(path))
    mine = own(path)
    found = []
    for imported in imports(path):
        module = imported.removeprefix("mlopsctl.")
        if module == imported:
            continue
        allowed = (*ALLOWED[here], *mine)
        if not any(within(module, one) for one in allowed):
            found.append(module)
    return found


@pytest.mark.parametrize("path", [one for one in MODULES if room(name(one)) not in FREE], ids=name)
def test_a_room_imports_only_what_stands_to_its_right(path: Path) -> None:
    assert strangers(path) == []


def test_every_room_has_its_rule() -> None:
    rooms = {room(name(path)) for path in MODULES} - {"mlopsctl"}
    assert rooms - FREE <= set(ALLOWED), "say what the new room may import"


BELOW = [one for one in MODULES if room(name(one)) not in {"cli", "runtime"} and name(one) not in RUN_ELSEWHERE]


@pytest.mark.parametrize("path", BELOW, ids=name)
def test_nothing_below_the_command_line_prints_exits_or_asks_the_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "exit", "quit"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            asked = f"{node.value.id}.{node.attr}"
            assert asked not in {"os.environ", "os.getenv", "sys.exit", "sys.stdout", "sys.argv"}, f"line {node.lineno}"
            assert asked not in {"datetime.now", "date.today", "time.time"}, f"line {node.lineno}"


def test_pydantic_is_known_in_the_language_alone() -> None:
    knows = {room(name(path)) for path in MODULES if any(one.startswith("pydantic") for one in imports(path))}
    assert knows == {"spec"}
