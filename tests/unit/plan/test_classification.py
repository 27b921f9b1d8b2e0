"""Every field path of the Blueprint has exactly one row that says what a difference there means.

The oracle is the Blueprint's types themselves: the paths are walked from the annotations, and no row is read for that.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from blueprints import EXAMPLES
from msgspec import Struct

from mlopsctl.blueprint.model.alerts import CONDITIONS, Condition, Route
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline, Step
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.catalogue import field_marks
from mlopsctl.compiler import check
from mlopsctl.plan.changed_fields import causes
from mlopsctl.plan.classification import table
from mlopsctl.plan.differences import ORDER
from mlopsctl.project import discovery as projects

NAME = "a_name"
KEYS = ("spec_name", "name", "metric", "stage", "severity")
PURPOSES = ("materialize", "train", "monitor", "rollout")
LABELS = ("team", "app.kubernetes.io/name", "mlopsctl.dev/owner")

Path = tuple[str, ...]


def arms(annotation: Any) -> tuple[Any, ...]:
    """Return the types an annotation allows, without None."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(arm for arm in get_args(annotation) if arm is not type(None))
    return tuple(CONDITIONS.values()) if annotation is Condition else (annotation,)


def optional(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def is_struct(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Struct)


def key_of(kind: type[Struct]) -> str | None:
    """Return the field that items of a list are matched by; None where they are compared as a whole."""
    if kind is Route:
        return "severity"
    return next((key for key in KEYS if key in kind.__struct_fields__), None)


def names(kind: type[Struct], path: Path) -> tuple[str, ...]:
    """Return names that items may have: those that a row may know, and any other."""
    if kind is Pipeline:
        return PURPOSES
    return (NAME, "request-training") if kind is Step and path[1] == "monitor" else (NAME,)


def paths(annotation: Any, path: Path) -> Iterator[Path]:
    """Yield every path below `path` at which two values of the annotation can differ."""
    for arm in arms(annotation):
        if is_struct(arm):
            if optional(annotation):
                yield path
            if issubclass(arm, Condition):
                yield from ((*path, name) for name in ("kind", *arm.__struct_fields__))
            yield from of_struct(arm, path, None)
        elif get_origin(arm) is tuple and is_struct(item := get_args(arm)[0]) and (key := key_of(item)):
            yield (*path, ORDER)
            for name in names(item, path):
                yield (*path, name)
                yield from of_struct(item, (*path, name), key)
        elif get_origin(arm) is Mapping:
            yield from ((*path, name) for name in LABELS)
        else:
            yield path


def of_struct(kind: type[Struct], path: Path, key: str | None) -> Iterator[Path]:
    """Yield the paths of the fields; items are matched by `key`, so that it cannot differ."""
    if kind is Engine:
        yield from ((*path, name) for name in ("name", "version"))
        yield (*path, "settings", NAME)
        return
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        if name != key:
            yield from paths(hints[name], (*path, name))


PATHS = sorted(set(of_struct(Blueprint, (), None)))
SETTINGS = sorted(
    path.removeprefix("workspace:stack.").split(".")[:2]
    for path in field_marks.marks()
    if path.startswith("workspace:stack.") and path.split(".")[2] not in ("engine", "version")
)
ASKED = """no row of mlopsctl/plan/classification/ says what a difference at {path} means. Add one:

    row("{path}", "<the field of the spec it comes from>", Effect.<what a change does>)

`derived=True` where another field decides it; `spread` and `node` where others use it."""


def rows(path: Path) -> list[str]:
    return ["/".join(pattern) for pattern, _ in table.TABLE if table.match(pattern, path) is not None]


def test_the_walk_sees_what_differences_are_made_of() -> None:
    assert len(PATHS) > 350
    assert ("features", "views", NAME, "ttl") in PATHS
    assert ("endpoints", NAME, "stable", "version", "inputs", NAME, "type") in PATHS


@pytest.mark.parametrize("path", PATHS, ids="/".join)
def test_every_field_path_of_the_blueprint_has_exactly_one_row(path: Path) -> None:
    matched = rows(path)
    assert matched, ASKED.format(path="/".join(path))
    assert len(matched) == 1, f"{'/'.join(path)} has the rows {matched}: keep one"


@pytest.mark.parametrize("setting", [tuple(setting) for setting in SETTINGS], ids="/".join)
def test_every_setting_of_an_engine_has_a_row_that_names_it(setting: tuple[str, str]) -> None:
    """A row for `!a|b` is for the engines of other packages, and names no setting."""
    stage, name = setting
    (pattern,) = rows(("engines", stage, "settings", name))
    assert name in pattern.split("/")[3].split("|"), ASKED.format(path=f"engines/{stage}/settings/{name}/**")


@pytest.mark.parametrize("pattern", ["/".join(pattern) for pattern, _ in table.TABLE])
def test_a_row_is_of_a_path_that_can_differ(pattern: str) -> None:
    known = [*PATHS, *(("engines", stage, "settings", name) for stage, name in SETTINGS)]
    assert any(table.match(tuple(pattern.split("/")), path) is not None for path in known), "the row is dead"


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in table.TABLE if pattern[-1] == "**"], ids="/".join)
def test_a_row_takes_the_rest_of_a_path_in_a_users_map_or_a_plain_list_alone(pattern: Path) -> None:
    """`**` above a typed field would take in fields that nobody has thought of."""
    assert {len(path) for path in PATHS if table.match(pattern, path) is not None} <= {len(pattern) - 1}


SYSTEMS = [
    system
    for example in sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    for shared in check(projects.load(str(EXAMPLES / example)).documents)[0]
    for system in shared.systems
]


@pytest.mark.parametrize(
    "before", SYSTEMS, ids=lambda blueprint: f"{blueprint.identity.system}-{blueprint.identity.environment}"
)
def test_all_that_differs_between_two_systems_is_classified(before: Blueprint) -> None:
    """Reading a difference raises LookupError where no row fits."""
    for after in SYSTEMS:
        changes = causes(before, after, {}, frozenset())
        assert bool(changes.plain or changes.derived) == (before != after)
