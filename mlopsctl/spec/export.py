"""The language as JSON Schema: closed at every level, with a description on every key, overrides included.

In: the sections' classes and their docstrings. Out: schemas for editors. Never validates a spec: `validation` does.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.json_schema import GenerateJsonSchema

from mlopsctl.spec.lock import Lock
from mlopsctl.spec.scalars import Duration
from mlopsctl.spec.shape import bare, keys, sections
from mlopsctl.spec.system import MLSystem, SystemSpec
from mlopsctl.spec.words import Section
from mlopsctl.spec.workspace import Workspace

VERSION = "v1alpha1"
ROOTS: dict[str, type[Section]] = {"mlsystem": MLSystem, "workspace": Workspace, "lock": Lock}
FILES = {kind: f"{kind}.{VERSION}.json" for kind in ROOTS}
_NAME = r"[A-Za-z0-9_-]+"
_VARIABLE = rf"\$\{{vars\.{_NAME}\}}"


class _Generator(GenerateJsonSchema):
    """Writes defaults as a spec would."""

    def encode_default(self, dft: Any) -> Any:
        """Return a default as JSON; a duration is a text in a spec."""
        return str(dft) if isinstance(dft, Duration) else super().encode_default(dft)


def schema(kind: str) -> dict[str, Any]:
    """Return the schema of `mlsystem`, `workspace` or `lock`."""
    root = ROOTS[kind]
    made = root.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = made.setdefault("$defs", {})
    _describe(made, root)
    for section in _all_sections(root):
        if section.__name__ in definitions:
            _describe(definitions[section.__name__], section)
    if kind == "mlsystem":
        _describe_overrides(definitions)
        _allow_variables(made)
    _tidy(made)
    title = f"mlopsctl {root.__name__}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://mlopsctl.dev/schemas/{FILES[kind]}",
        **made,
        "title": title,
    }


def text(kind: str) -> str:
    """Return the schema as JSON text."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=True) + "\n"


def _all_sections(root: type[Section]) -> list[type[Section]]:
    """Return every section that can be reached from `root`, each once."""
    seen: dict[type[Section], None] = {}
    queue = [root]
    while queue:
        section = queue.pop(0)
        if section not in seen:
            seen[section] = None
            for field in section.model_fields.values():
                queue += _inside(field.annotation)
    return list(seen)


def _inside(annotation: Any) -> list[type[Section]]:
    here = bare(annotation)
    if get_origin(here) is dict:
        return _inside(get_args(here)[1])
    if get_origin(here) is tuple:
        return _inside(get_args(here)[0])
    return list(sections(here))


def _describe(made: dict[str, Any], section: type[Section]) -> None:
    """Put the class's and the fields' docstrings into its schema."""
    made["description"] = " ".join((section.__doc__ or "").split())
    texts = _field_docstrings(section)
    for key, name in keys(section).items():
        if key in made.get("properties", {}):
            made["properties"][key] = {"description": texts[name], **made["properties"][key]}


def _field_docstrings(section: type[Section]) -> dict[str, str]:
    """Return the text under each field of a class and the classes it extends."""
    found: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if owner.__module__.startswith("mlopsctl.spec"):
            found.update(_module_docstrings(owner.__module__).get(owner.__name__, {}))
    return found


@cache
def _module_docstrings(module: str) -> dict[str, dict[str, str]]:
    """Read a module's source for the strings that stand under its classes' fields."""
    spec = importlib.util.find_spec(module)
    assert spec and spec.origin  # noqa: S101 - the module is imported
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {node.name: _under_fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _under_fields(node: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            value = below.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[field.target.id] = " ".join(value.value.split())
    return found


def _describe_overrides(definitions: dict[str, Any]) -> None:
    """Give each path that an environment may override the schema of what stands there, or null to remove it."""
    paths: dict[str, Any] = {}
    _override_paths(SystemSpec, "", definitions, paths, skip={"overrides", "output"})
    definitions["Overrides"] = {
        "type": "object",
        "description": "Paths of the spec and what stands there in this environment; null removes.",
        "patternProperties": {f"^{path}$": made for path, made in paths.items()},
        "additionalProperties": False,
    }
    overrides = definitions["SystemSpec"]["properties"]["overrides"]
    overrides["patternProperties"] = {name: {"$ref": "#/$defs/Overrides"} for name in overrides["patternProperties"]}


def _override_paths(
    section: type[Section], prefix: str, definitions: dict[str, Any], paths: dict[str, Any], skip: set[str]
) -> None:
    properties = definitions[section.__name__].get("properties", {})
    for key, name in keys(section).items():
        if key in skip:
            continue
        path = f"{prefix}{re.escape(key)}"
        _allow(paths, path, {k: v for k, v in properties[key].items() if k != "default"})
        here = bare(section.model_fields[name].annotation)
        if get_origin(here) is dict:
            path = rf"{path}\.{_NAME}"
            value = properties[key].get("additionalProperties") or next(
                iter(properties[key].get("patternProperties", {}).values()), True
            )
            _allow(paths, path, value)
            here = bare(get_args(here)[1])
        for inner in sections(here):
            _override_paths(inner, rf"{path}\.", definitions, paths, set())


def _allow(paths: dict[str, Any], path: str, made: Any) -> None:
    """Allow a value or null at a path; where arms of a union share a key, any arm's value will do."""
    options = paths.setdefault(path, {"anyOf": [{"type": "null"}]})["anyOf"]
    if made not in options and made is not True:
        options.append(made)
    elif made is True:
        paths[path] = {}


def _allow_variables(value: Any) -> None:
    """Let any text that must look in some way hold a variable instead: it is filled in before anyone looks."""
    if isinstance(value, dict):
        pattern = value.get("pattern")
        if isinstance(pattern, str) and not pattern.endswith(_VARIABLE):
            value["pattern"] = f"{pattern}|{_VARIABLE}"
        for key, inner in value.items():
            if key != "propertyNames":
                _allow_variables(inner)
    elif isinstance(value, list):
        for inner in value:
            _allow_variables(inner)


def _tidy(value: Any) -> None:
    """Take out what says nothing: generated titles, and defaults that stand for absence; close maps of names."""
    if isinstance(value, dict):
        if "patternProperties" in value:
            value.setdefault("additionalProperties", False)
        if isinstance(value.get("title"), str) and (
            "type" in value
            or "anyOf" in value
            or "$ref" in value
            or "enum" in value
            or "const" in value
            or "oneOf" in value
        ):
            del value["title"]
        if "default" in value and (value["default"] is None or value["default"] == {} or value["default"] == []):
            del value["default"]
        for inner in value.values():
            _tidy(inner)
    elif isinstance(value, list):
        for inner in value:
            _tidy(inner)
