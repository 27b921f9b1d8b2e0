"""Names that were given up stay given up: modules that told nobody what they hold, and classes that were riddles."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlopsctl.engines import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mlopsctl"

OLD_MODULES = {
    "change/whole": "plan/added_removed",
    "change/meaning": "plan/classification",
    "change/consequences": "plan/effects",
    "change/causes": "plan/changed_fields",
    "change/contract": "plan/compatibility",
    "change/fold": "plan/aggregation",
    "change/compare": "plan/planner",
    "change/earlier": "plan/history",
    "change/sides": "plan/sides",
    "change/states": "plan/states",
    "change/abilities": "portability/used_capabilities",
    "change/manifests_pairs": "manifest_diff/object_matching",
    "change/manifests_lists": "manifest_diff/list_matching",
    "change/manifests_danger": "manifest_diff/risk_order",
    "cli/reach": "project/spec_references",
    "cli/narrow": "project/affected_specs",
    "cli/at_ref": "project/git_tree",
    "cli/branches": "project/git_commit",
    "cli/resolving": "registries/resolver",
    "cli/explained": "explain/queries",
    "cli/laptop": "runtime/local/prepare",
    "cli/report": "cli/output",
    "resolve/instead": "resolve/engine_override",
    "resolve/shadows": "resolve/suppress",
    "resolve/views": "resolve/bind_features",
    "resolve/sets": "resolve/bind_consumers",
    "catalogue/markers": "catalogue/template_syntax",
    "catalogue/ability": "catalogue/capability",
    "catalogue/infrastructure": "catalogue/platform",
    "runtime/coded": "runtime/model/encoded_classifier",
    "runtime/pictures": "runtime/model/plot_data",
    "runtime/measures": "runtime/model/metrics",
    "runtime/outcomes": "runtime/backends/check_results",
    "runtime/call": "runtime/step_context",
    "runtime/served": "runtime/scoring",
    "local/walk": "runtime/local/scheduler",
    "local/moment": "runtime/local/run_time",
    "tree/draw": "tree/planner",
    "tree/faults": "tree/os_errors",
    "tree/survey": "tree/unit_scan",
}
"""Where a module was, and where its content is now."""
RIDDLES = {
    *("whole", "meaning", "consequences", "causes", "fold", "earlier", "abilities", "ability", "reach", "narrow"),
    *("at_ref", "branches", "resolving", "explained", "laptop", "instead", "shadows", "infrastructure", "coded"),
    *("pictures", "measures", "outcomes", "call", "served", "walk", "moment", "draw", "faults", "survey"),
}
"""Words of that list that name no module of any package. The others are plain where they are used now."""
OLD_IDENTIFIERS = {
    "": {
        "Standing",
        "Spread",
        "Ability",
        "_Telling",
        "_TALK",
        "mend",
        "Laptop",
        "Narrowed",
        "Unclear",
        "Refused",
        "Broken",
    },
    "runtime": {"Call"},
}
"""Names of classes, constants and fields by the package that has them no more; "" is the whole of mlopsctl."""

VAGUE_WORDS = {"one", "found", "told", "made", "asked", "wanted", "here", "beside", "lifted"}
"""Words that name no variable, parameter, function or attribute: the noun for the value stands there instead."""

EXPOSED = {"mlopsctl/runtime/backends/check_results.py: asked"}
"""Fields of a published report that keep such a name: `asked` is a key of the checks in `report.json`."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def tracked() -> list[str]:
    """Return the files of the repository; skip where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout")
    return listed.stdout.splitlines()


@pytest.mark.parametrize(("old", "new"), OLD_MODULES.items())
def test_a_module_that_was_renamed_is_where_the_list_says(old: str, new: str) -> None:
    assert not list(PACKAGE.glob(f"{old}.py")) + list(PACKAGE.glob(f"{old}/__init__.py"))
    assert (PACKAGE / f"{new}.py").is_file() or (PACKAGE / new / "__init__.py").is_file()


def test_no_module_of_any_package_has_one_of_the_old_names() -> None:
    assert [name(path) for path in MODULES if RIDDLES & set(name(path).split("/"))] == []


def test_no_file_names_a_module_that_is_gone() -> None:
    """The oracle is the text of every file under git: imports, docs, configuration and comments alike."""
    gone = "|".join(re.escape(old).replace("/", "[./]") for old in OLD_MODULES)
    mention = re.compile(rf"\bmlopsctl[./](?:{gone}|runtime[./](?:{gone}))\b|\b(?:change)[./](?:\w+)\.py\b")
    mentions = [
        f"{file}: {match[0]}"
        for file in tracked()
        if file != "tests/unit/test_names.py" and (ROOT / file).is_file() and (ROOT / file).stat().st_size < 2_000_000
        for match in mention.finditer((ROOT / file).read_text(encoding="utf-8", errors="replace"))
    ]
    assert mentions == []


def defined(path: Path) -> Iterator[str]:
    """Yield the names of classes, functions and constants that a module defines, and of fields of its classes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("package", OLD_IDENTIFIERS)
def test_no_class_and_no_field_has_one_of_the_old_names(package: str) -> None:
    modules = (PACKAGE / package).rglob("*.py")
    assert [
        f"{name(path)}: {word}" for path in modules for word in defined(path) if word in OLD_IDENTIFIERS[package]
    ] == []


def engine_words() -> re.Pattern[str]:
    """Match the engines of the list by their folders and names, as code writes them and as prose does."""
    words = {word for each in ENGINES for word in (each.folder, *each.names)} - {"existing"}
    spelled = [re.sub(r"[-_]", "[-_ ]?", word) for word in sorted(words, key=len, reverse=True)]
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join([*spelled, 'argo cd', 'kubeflow'])})(?![A-Za-z])", re.IGNORECASE)


NAMES_AN_ENGINE = {
    "the list of engines": ("engines/__init__",),
    "what several engines render or export alike": ("engines/shared/", "engines/metrics"),
    "who knows the health of a kind is in the facts of each engine": ("engines/base", "engines/registration"),
    "examples of diagnostic codes are specs, and a spec chooses engines": ("diagnostics/codes/",),
    "an output format is named after its reader": ("diagnostics/render/formats", "cli/terminal"),
    "a code host is one whether or not it runs the checks": ("forge/", "cli/commands/comment", "secrets/forms"),
    "this verb is for one server": ("cli/commands/start_run", "cli/group"),
    "Applications of Argo CD are read from its cluster": (
        *("cluster/contexts", "cluster/owned", "cluster/status", "cli/commands/live", "cli/commands/status"),
        *("manifest_diff/immutable", "overlay/owned_fields", "spec/workspace"),
    ),
    "a model is packaged as MLflow does, and MLServer serves the package": (
        *("catalogue/flavors", "runtime/model/", "runtime/scoring/estimator", "runtime/serving/"),
    ),
    "a local run keeps its stores as the default engines do, and silences their libraries": (
        *("runtime/local/", "cli/commands/run", "cli/commands/step", "cli/views/run_summary"),
    ),
    "paths, variables and keys that a pod or an object has already": ("catalogue/pods", "spec/pods"),
    "text that another system would expand is refused or escaped": ("catalogue/template_syntax",),
    "a setting has the name": ("catalogue/field_marks", "plan/classification/engines"),
    "hints of the language give examples, and an address may have the scheme of a registry": (
        *("spec/patches", "spec/references", "spec/texts", "spec/words"),
    ),
    "metrics and queries are those of Prometheus, whoever runs it": (
        *("catalogue/kubernetes_metrics", "runtime/backends/prometheus", "runtime/steps/watch_objectives"),
    ),
}
"""Why a module outside the engines' folders may name an engine in a text. A new engine needs none of them."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def naming_engines() -> dict[str, list[str]]:
    """Return the texts that name an engine, by module outside the engines' folders."""
    folders, words = {f"engines/{each.folder}/" for each in ENGINES}, engine_words()
    naming: dict[str, list[str]] = {}
    for path in MODULES:
        if not any(name(path).startswith(folder) for folder in folders):
            hits = [f"line {line}: {text[:80]!r}" for line, text in texts(path) if words.search(text)]
            naming.update({name(path): hits} if hits else {})
    return naming


def test_no_text_outside_an_engines_folder_names_it_without_a_reason() -> None:
    rows = tuple(row for rows in NAMES_AN_ENGINE.values() for row in rows)
    allowed = {module for module in naming_engines() if any(_covers(row, module) for row in rows)}
    assert {module: hits for module, hits in naming_engines().items() if module not in allowed} == {}


def test_every_reason_to_name_an_engine_is_still_needed() -> None:
    rows = [row for rows in NAMES_AN_ENGINE.values() for row in rows]
    assert [row for row in rows if not any(_covers(row, module) for module in naming_engines())] == []


def _covers(row: str, module: str) -> bool:
    return module.startswith(row) if row.endswith("/") else module in (row, f"{row}/__init__")
