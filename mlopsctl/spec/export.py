"""The spec as JSON Schema for editors: closed at every level, with a description on every key and override."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.json_schema import GenerateJsonSchema

from mlopsctl.diagnostics.render.json import dumps
from mlopsctl.spec.lock import Lock
from mlopsctl.spec.shape import bare, keys, sections
from mlopsctl.spec.system import MLSystem, SystemSpec
from mlopsctl.spec.times import Duration
from mlopsctl.spec.words import Section
from mlopsctl.spec.workspace import Workspace

VERSION = "v1alpha1"
ROOTS: dict[str, type[Section]] = {"mlsystem": MLSystem, "workspace": Workspace, "lock": Lock}
FILES = {kind: f"{kind}.{VERSION}.json" for kind in ROOTS}
_NAME = r"[A-Za-z0-9_-]+"
_VARIABLE = rf"\$\{{vars\.{_NAME}\}}"


class _Generator(GenerateJsonSchema):
    """Write defaults as in a spec."""

    def encode_default(self, dft: Any) -> Any:
        """Return a default as JSON; durations are strings."""
        return str(dft) if isinstance(dft, Duration) else super().encode_default(dft)


def schema(kind: str) -> dict[str, Any]:
    """Return the schema of `mlsystem`, `workspace` or `lock`."""
    root = ROOTS[kind]
    exported = root.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = exported.setdefault("$defs", {})
    _describe(exported, root)
    for section in _all_sections(root):
        if section.__name__ in definitions:
            _describe(definitions[section.__name__], section)
    if kind == "mlsystem":
        _describe_overrides(definitions)
        _allow_variables(exported)
    _tidy(exported)
    title = f"mlopsctl {root.__name__}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://mlopsctl.dev/schemas/{FILES[kind]}",
        **exported,
        "title": title,
    }


def text(kind: str) -> str:
    """Return the schema as JSON text."""
    return dumps(schema(kind))


def _all_sections(root: type[Section]) -> list[type[Section]]:
    """Return every section reachable from `root`."""
    reached: dict[type[Section], None] = {}
    queue = [root]
    while queue:
        section = queue.pop(0)
        if section not in reached:
            reached[section] = None
            for field in section.model_fields.values():
                queue += _inside(field.annotation)
    return list(reached)


def _inside(annotation: Any) -> list[type[Section]]:
    inner = bare(annotation)
    if get_origin(inner) is dict:
        return _inside(get_args(inner)[1])
    if get_origin(inner) is tuple:
        return _inside(get_args(inner)[0])
    return list(sections(inner))


def _describe(target_schema: dict[str, Any], section: type[Section]) -> None:
    """Add the docstrings of the class and its fields to its schema."""
    target_schema["description"] = " ".join((section.__doc__ or "").split())
    texts = _field_docstrings(section)
    for key, name in keys(section).items():
        if key in target_schema.get("properties", {}):
            target_schema["properties"][key] = {"description": texts.get(name, ""), **target_schema["properties"][key]}


def _field_docstrings(section: type[Section]) -> dict[str, str]:
    """Return the docstring of each field of a class and its bases."""
    docstrings: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if issubclass(owner, Section) and owner is not Section:
            docstrings.update(_module_docstrings(owner.__module__).get(owner.__name__, {}))
    return docstrings


@cache
def _module_docstrings(module: str) -> dict[str, dict[str, str]]:
    """Read the docstrings of the fields of a module's classes from its source."""
    spec = importlib.util.find_spec(module)
    assert spec and spec.origin  # noqa: S101 - the module is imported
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {node.name: _under_fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _under_fields(node: ast.ClassDef) -> dict[str, str]:
    docstrings = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            value = below.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                docstrings[field.target.id] = " ".join(value.value.split())
    return docstrings


def _describe_overrides(definitions: dict[str, Any]) -> None:
    """Allow at each overridable path its own schema, or null to remove the value."""
    paths: dict[str, Any] = {}
    _override_paths(SystemSpec, "", definitions, paths, skip={"overrides", "output"})
    definitions["Overrides"] = {
        "type": "object",
        "description": "Paths of the spec with their values in this environment; null removes a value.",
        "patternProperties": {f"^{path}$": path_schema for path, path_schema in paths.items()},
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
        value_type = bare(section.model_fields[name].annotation)
        if get_origin(value_type) is dict:
            path = rf"{path}\.{_NAME}"
            value = properties[key].get("additionalProperties") or next(
                iter(properties[key].get("patternProperties", {}).values()), True
            )
            _allow(paths, path, value)
            value_type = bare(get_args(value_type)[1])
        for inner in sections(value_type):
            _override_paths(inner, rf"{path}\.", definitions, paths, set())


def _allow(paths: dict[str, Any], path: str, option: Any) -> None:
    """Allow a value or null at a path; where union members share a key, any member's value."""
    options = paths.setdefault(path, {"anyOf": [{"type": "null"}]})["anyOf"]
    if option not in options and option is not True:
        options.append(option)
    elif option is True:
        paths[path] = {}


def _allow_variables(value: Any) -> None:
    """Allow a variable in every string with a pattern: variables are replaced before validation."""
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
    """Remove generated titles and defaults that mean absence; close maps of names."""
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
