"""Read the real Great Expectations and print what `catalogue/great_expectations.py` serves; `--write` writes it there.

The package ships one JSON Schema an expectation; beside it, each class says its type. Needs an environment with the
pinned package: `tests/libraries.py` makes one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

VERSION = "1.24.1"
DATA = Path(__file__).resolve().parents[2] / "mlopsctl/engines/great_expectations/data"
TARGET = DATA / f"great-expectations-{VERSION}.json"
NOT_OURS = (
    *("id", "meta", "notes", "description", "metadata", "library_metadata", "rendered_content"),
    *("result_format", "catch_exceptions", "batch_id", "windows", "row_condition", "condition_parser"),
)
"""What every expectation has beside its own parameters; a condition on rows is code in another language."""
UNLISTED = frozenset({"ExpectColumnValuesToBeInTypeList"})
"""Expectations whose page names no data source, and that run on a data frame all the same."""


def introspect() -> dict[str, Any]:
    """Describe every expectation that runs on a data frame, by its type."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    from great_expectations.expectations import core

    schemas = Path(str(core.__file__)).parent / "schemas"
    expectations = {}
    for file in sorted(schemas.glob("*.json")):
        kind = getattr(core, file.stem, None)
        if kind is not None:
            schema = json.loads(file.read_text(encoding="utf-8"))
            if file.stem in UNLISTED or _on_frames(schema["description"]):
                expectations[kind.expectation_type] = {"class": file.stem, "params": _parameters(schema)}
    return {"version": great_expectations.__version__, "expectations": dict(sorted(expectations.items()))}


def _on_frames(page: str) -> bool:
    listed = page.partition("Supported Data Sources:")[2].partition("Data Quality")[0]
    return "[Pandas]" in listed


def _parameters(schema: Mapping[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    parameters = {}
    for name, entry in schema["properties"].items():
        if name not in NOT_OURS:
            branches = [_resolved(branch, schema) for branch in _branches(entry)]
            parameters[name] = _parameter(entry, [branch for branch in branches if branch], name in required)
    return parameters


def _branches(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what a parameter may be; an object beside other types is a parameter of the suite, which we have not."""
    several = next((entry[word] for word in ("anyOf", "oneOf", "allOf") if word in entry), None)
    if several is None:
        yield entry
        return
    inner = [branch for part in several for branch in _branches(part)]
    yield from (branch for branch in inner if branch.get("type") != "object") if len(inner) > 1 else inner


def _resolved(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = entry.get("$ref", "").rpartition("/")[2]
    return schema["definitions"][name] if name else entry


def _parameter(entry: Mapping[str, Any], branches: list[Mapping[str, Any]], required: bool) -> dict[str, Any]:
    types = {branch["type"] for branch in branches if "type" in branch}
    words = [word for branch in branches for word in branch.get("enum", ())]
    parameter: dict[str, Any] = {"types": sorted(types) or ["any"], "required": required}
    if not required:
        parameter["default"] = entry.get("default")
    if words:
        parameter["words"] = words
    for bound, ours in (("minimum", "low"), ("maximum", "high")):
        held = [branch[bound] for branch in branches if bound in branch]
        if held:
            parameter[ours] = held[0]
    return parameter


def written() -> str:
    """Give the file's text: one line an expectation, so that a difference is read at a glance."""
    catalogue = introspect()
    lines = ",\n".join(
        f'  "{name}": {json.dumps(expectation, sort_keys=True)}'
        for name, expectation in catalogue["expectations"].items()
    )
    return f'{{\n "version": {json.dumps(catalogue["version"])},\n "expectations": {{\n{lines}\n }}\n}}\n'


if __name__ == "__main__":
    if "--write" in sys.argv:
        TARGET.write_text(written(), encoding="utf-8")
    else:
        sys.stdout.write(written())
