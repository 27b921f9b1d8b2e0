"""The published schemas as an editor sees them: closed everywhere, explained everywhere, right about the reference."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mlopsctl.spec import export

SHARED = Path(__file__).resolve().parents[4] / "shared" / "specs"


def objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("type") == "object" or "properties" in value:
            yield path, value
        for key, inner in value.items():
            yield from objects(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from objects(inner, f"{path}/{i}")


@pytest.mark.parametrize("kind", export.FILES)
def test_every_object_is_closed_or_a_map_of_what_is_described(kind: str) -> None:
    for path, manifest in objects(export.schema(kind)):
        closed = manifest.get("additionalProperties") is False
        described = isinstance(manifest.get("additionalProperties"), dict) or "patternProperties" in manifest
        free = (
            path.endswith(("/params", "/params/anyOf/0", "/merge/anyOf/0", ".merge$/anyOf/1/anyOf/0"))
            or "JsonValue" in path
        )
        assert closed or described or free, path


@pytest.mark.parametrize("kind", export.FILES)
def test_every_key_and_every_section_is_explained(kind: str) -> None:
    for path, manifest in objects(export.schema(kind)):
        for key, inner in manifest.get("properties", {}).items():
            assert inner.get("description"), f"{path}.{key}"
            assert inner["description"].endswith("."), f"{path}.{key}"


@pytest.mark.parametrize("kind", export.FILES)
def test_a_schema_is_a_schema_and_names_itself(kind: str) -> None:
    schema = export.schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(export.FILES[kind])


@pytest.fixture
def reference() -> dict[str, Any]:
    if not SHARED.is_dir():
        pytest.skip("the reference specs are not beside this checkout (../shared/specs)")
    document = yaml.safe_load((SHARED / "mlops.yaml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def wrong(document: dict[str, Any], kind: str) -> list[str]:
    return [error.message for error in Draft202012Validator(export.schema(kind)).iter_errors(document)]


@pytest.mark.shared
def test_the_reference_spec_and_workspace_fit(reference: dict[str, Any]) -> None:
    assert wrong(reference, "mlsystem") == []
    workspace = yaml.safe_load((SHARED / "workspace.yaml").read_text(encoding="utf-8"))
    assert wrong(workspace, "workspace") == []


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from places(inner, (*path, key))


@pytest.mark.shared
def test_a_wrong_key_is_refused_at_every_level_of_the_reference(reference: dict[str, Any]) -> None:
    refused = Draft202012Validator(export.schema("mlsystem"))
    for path in places(reference):
        if "params" in path or path[-1:] == ("conditions",) or "conditions" in path[-2:]:
            continue
        broken = deepcopy(reference)
        node = broken
        for part in path:
            node = node[part]
        node["~wrong key~"] = "x"
        assert not refused.is_valid(broken), path
