"""The rooms of the house: what each may import, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "mlopsctl"

# What engines are asked by those who load no renderer.
FACTS = (
    "engines.base",
    "engines.check_libraries",
    "engines.known",
    "engines.metrics",
    "engines.model_servers",
    "engines.signals",
)
# What the settings of an engine are written in.
LANGUAGE = ("spec.scalars", "spec.stack.settings", "spec.stack.words", "spec.words")
# A room, and the modules it may import beside its own. `compile` is the list of steps itself, and so it knows them all.
ALLOWED: dict[str, tuple[str, ...]] = {
    "secrets": (),
    # The codes of an engine are in its folder.
    "diagnostics": ("secrets", "engines.codes"),
    "source": ("diagnostics",),
    # Which engines the language has, and their settings, is the list's to say.
    "spec": ("source", "diagnostics", "engines.settings"),
    "resolve": ("spec", "diagnostics", "source.node", "engines.plugins", "engines.settings"),
    "rules": (
        "resolve.model",
        "resolve.origin",
        "resolve.pods",
        "spec.alerts",
        "spec.lock",
        "spec.pods",
        "spec.stack.settings",
        "spec.times",
        "catalogue",
        "diagnostics",
        "secrets",
        "lock.digest",
        "overlay.extra",
        *FACTS,
    ),
    "catalogue": (),
    "blueprint": (
        "resolve.model",
        "resolve.pods",
        "spec.alerts",
        "spec.lock",
        "spec.patches",
        "spec.references",
        "spec.pods",
        "spec.serving",
        "spec.stack.settings",
        "catalogue",
        "diagnostics",
        *FACTS,
    ),
    # What lies over the rendered objects, before they are delivered.
    "overlay": (
        "blueprint.model",
        "blueprint.decide.names",
        "catalogue",
        "emit",
        "tree.fileset",
        "diagnostics",
        "secrets",
        "engines.base",
        "engines.known",
        "engines.shared",
    ),
    "emit": ("diagnostics",),
    "tree": ("diagnostics",),
    "engines": ("blueprint.model", "blueprint.codec", "catalogue", "emit", "tree.fileset", "tree.paths", "diagnostics"),
    # A question compiles and renders the specs anew.
    "explain": (
        "blueprint",
        "resolve",
        "spec",
        "source.node",
        "emit.origin",
        "tree",
        "diagnostics",
        "project",
        "compiler",
        "errors",
    ),
    "forge": ("diagnostics", "secrets"),
    "project": (
        "source",
        "resolve.bind_manifests",
        "resolve.documents",
        "diagnostics",
        "tree.paths",
        "compiler",
        "errors",
    ),
    # Both sides of a plan are projects that were compiled; the history is git's.
    "plan": (
        "project",
        "compiler",
        "blueprint.model",
        "catalogue",
        *FACTS,
        "manifest_diff",
        "resolve.documents",
        "source",
        "tree",
        "diagnostics",
        "secrets",
        "lock.digest",
        "errors",
    ),
    "manifest_diff": ("plan.model", "engines.known", "tree", "diagnostics", "secrets"),
    "portability": ("plan", "blueprint.model", "catalogue", *FACTS, "tree", "diagnostics"),
    "runtime": (
        "blueprint.model",
        "catalogue",
        "secrets",
        "diagnostics.render.visible",
        *FACTS,
        "engines.feast.stores",
    ),
    # An edit is written where it brings no new error, and so it is compiled.
    "edit": ("spec.shape", "spec.words", "source", "diagnostics", "resolve.documents", "compiler", "errors"),
    "registries": ("lock.uses", "diagnostics", "errors", *FACTS),
    "lock": ("resolve.model", "catalogue.bounds", "diagnostics"),
}
# A module that begins with a project: it may import more than the others of its room.
ALSO: dict[str, tuple[str, ...]] = {
    "lock.locked_project": ("project.discovery", "resolve", "source", "edit", "errors"),
    "runtime.local.prepare": (
        "project.discovery",
        "resolve",
        "source.node",
        "compiler",
        "blueprint.codec",
        "diagnostics",
        "errors",
    ),
    # What runs locally is looked up in Feast's files, whatever feature store the stack has.
    "runtime.local.scoring": ("engines.feast.backend.project",),
    # A fork server has libraries that a step imports: which drift methods are Deepchecks' decides one of them.
    "runtime.local.layers": ("engines.deepchecks.checks",),
}
# What the steps and `lock` call of an engine: its module `backend`, or the modules of that package.
BACKEND = ("runtime", "registries.failures", "registries.versions", "secrets")
FREE = {"api", "cli", "compiler", "cluster", "errors", "__init__", "__main__"}
MODULES = sorted(PACKAGE.rglob("*.py"))
# The text of it is put into notebooks, where it is a step's; nothing of the package calls it.
RUN_ELSEWHERE = {"engines.kale.handing"}


def room(module: str) -> str:
    return module.partition(".")[0]


def name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, only: ast.NodeTransformer | None = None) -> Iterator[str]:
    """Yield the modules of the package that a module imports, at its top or inside a function."""
    tree: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(only.visit(tree) if only else tree):
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
    """Return what a module may import as its own: its room; an engine's, its folder and engines/shared."""
    module_name = name(path)
    if room(module_name) != "engines":
        return (room(module_name),)
    folder, *inner = path.relative_to(PACKAGE / "engines").parts
    whole_list = () if inner else ("engines",)
    if inner and path.stem.endswith("settings"):
        whole_list = LANGUAGE
    if inner and inner[0].removesuffix(".py") == "backend":
        whole_list = BACKEND
    return ("engines.shared", f"engines.{folder.removesuffix('.py')}", *FACTS, *whole_list)


def strangers(path: Path) -> list[str]:
    package = room(name(path))
    mine = own(path)
    modules = []
    for imported in imports(path):
        module = imported.removeprefix("mlopsctl.")
        if module == imported:
            continue
        allowed = (*ALLOWED[package], *ALSO.get(name(path), ()), *mine)
        if not any(within(module, prefix) for prefix in allowed):
            modules.append(module)
    return modules


@pytest.mark.parametrize("path", [module for module in MODULES if room(name(module)) not in FREE], ids=name)
def test_a_room_imports_only_what_stands_to_its_right(path: Path) -> None:
    assert strangers(path) == []


def test_every_room_has_its_rule() -> None:
    rooms = {room(name(path)) for path in MODULES} - {"mlopsctl"}
    assert rooms - FREE <= set(ALLOWED), "say what the new room may import"


class WithoutTypes(ast.NodeTransformer):
    """Drops what is imported for types alone, which no run imports."""

    def visit_If(self, node: ast.If) -> ast.AST:
        return ast.Pass() if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def dependencies() -> dict[str, set[str]]:
    """Return the modules that each module imports when it runs, at its top or inside a function."""
    known = {name(path) for path in MODULES}
    graph = {}
    for path in MODULES:
        imported = {module.removeprefix("mlopsctl.") for module in imports(path, WithoutTypes()) if "." in module}
        graph[name(path)] = imported & known
    return graph


def test_no_module_imports_itself_by_way_of_others() -> None:
    """The oracle is the standard library's topological sort: it names a cycle where there is one."""
    TopologicalSorter(dependencies()).prepare()


def words(path: Path) -> Iterator[str]:
    """Yield the words of a module's texts that may name a module which it loads when it is needed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield from node.value.replace("-", "_").partition(":")[0].split(".")


def test_every_module_is_imported_or_loaded_by_its_name() -> None:
    used = {module.removeprefix("mlopsctl.") for path in MODULES for module in imports(path)}
    named = {word for path in MODULES for word in words(path)}
    makefile = (PACKAGE.parent / "Makefile").read_text(encoding="utf-8")
    modules = {name(path) for path in MODULES if path.name != "__init__.py"} - used - {"__main__"}
    unused = [module for module in sorted(modules) if module.rpartition(".")[2] not in named and module not in makefile]
    assert not unused, f"nothing loads {', '.join(unused)}: enter it in its registry, or delete it"


def definitions(path: Path) -> set[str]:
    """Return the names that a module binds itself: functions, classes, constants."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


DEFINED = {name(path): definitions(path) for path in MODULES}


@pytest.mark.parametrize("path", [path for path in MODULES if name(path) != "__init__"], ids=name)
def test_a_name_is_imported_from_the_module_that_defines_it(path: Path) -> None:
    """A re-export would get a name past the table of rooms; the package's own `__init__` is the public API."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        module = (getattr(node, "module", "") or "").removeprefix("mlopsctl.")
        if isinstance(node, ast.ImportFrom) and module in DEFINED:
            names = {alias.name for alias in node.names if f"{module}.{alias.name}" not in DEFINED}
            assert names <= DEFINED[module], f"line {node.lineno}"


def is_backend(module: str) -> bool:
    room, *inner = module.split(".")
    return room == "engines" and "backend" in inner[1:2]


# git is started with the environment of the caller, less git's own variables.
STARTS_GIT = {"project.git_tree", "project.git_commit"}

BELOW = [
    module
    for module in MODULES
    if room(name(module)) not in {"cli", "runtime"}
    and not is_backend(name(module))
    and name(module) not in RUN_ELSEWHERE | STARTS_GIT
]


@pytest.mark.parametrize("path", BELOW, ids=name)
def test_nothing_below_the_command_line_prints_exits_or_asks_the_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "exit", "quit"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attribute = f"{node.value.id}.{node.attr}"
            assert attribute not in {"os.environ", "os.getenv", "sys.exit", "sys.stdout", "sys.argv"}, (
                f"line {node.lineno}"
            )
            assert attribute not in {"datetime.now", "date.today", "time.time"}, f"line {node.lineno}"


def test_click_is_known_in_the_command_line_alone() -> None:
    knows = {room(name(path)) for path in MODULES if any(within(module, "click") for module in imports(path))}
    assert knows == {"cli"}


def test_pydantic_is_known_in_the_language_alone() -> None:
    knows = {room(name(path)) for path in MODULES if any(module.startswith("pydantic") for module in imports(path))}
    assert knows == {"spec"}


def test_only_facts_name_the_back_end_of_an_engine() -> None:
    """Steps call a protocol's methods; `start-run` is KFP's verb, and a local run looks up in Feast's files."""
    outside = {
        module: {imported for imported in modules if is_backend(imported)}
        for module, modules in dependencies().items()
        if not is_backend(module)
    }
    importers = {module for module, backends in outside.items() if backends}
    assert importers == {"runtime.local.scoring", "cli.commands.start_run"}


def test_no_facts_and_no_catalogue_load_a_back_end_or_a_library() -> None:
    """The oracle is a fresh interpreter with every engine's facts, and the catalogue of every check library."""
    code = (
        "import sys\n"
        "from mlopsctl.catalogue.stages import STAGES\n"
        "from mlopsctl.engines.check_libraries import catalogue\n"
        "from mlopsctl.engines.known import engines\n"
        "for stage in STAGES:\n"
        "    for entry in engines(stage):\n"
        "        catalogue(entry.name, entry.default_version) if stage == 'checks' else None\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()
    heavy = {"feast", "mlflow", "deepchecks", "great_expectations", "pandas", "numpy", "hopsworks", "neptune"}
    assert [module for module in loaded if module in heavy or module.startswith("mlopsctl.runtime")] == []
