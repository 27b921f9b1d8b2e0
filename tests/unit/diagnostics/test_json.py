"""The JSON document keeps its published form."""

from __future__ import annotations

import json as standard
from pathlib import Path

import jsonschema
import pytest
from unit.diagnostics.findings import HOSTILE, bare, document, place, stale

from mlopsctl.diagnostics.render import json
from mlopsctl.diagnostics.render.schema import FILE, diagnostics_schema, schema_text
from mlopsctl.source.reader import read

VALIDATOR = jsonschema.Draft202012Validator(diagnostics_schema())
PUBLISHED = Path(__file__).resolve().parents[3] / "schemas" / FILE


def test_the_schema_is_a_schema_and_is_published_as_it_is() -> None:
    jsonschema.Draft202012Validator.check_schema(diagnostics_schema())
    assert PUBLISHED.read_bytes().decode() == schema_text()


@pytest.mark.parametrize(
    "findings", [(), (stale(),), (bare("x"), stale().in_environment("prod")), (bare(HOSTILE, HOSTILE),)]
)
def test_documents_fit_the_schema(findings: tuple[object, ...]) -> None:
    VALIDATOR.validate(standard.loads(json.dumps(document(*findings, environments=("dev", "prod")))))  # type: ignore[arg-type]


def test_what_the_reader_finds_fits_the_schema() -> None:
    for data in (b"", b"a: 1\na: 2", b"\xff", b"a: [", b"x: !!int 5\n---\n"):
        VALIDATOR.validate(document(*read(data, "x")[1]))


def test_a_key_that_is_not_published_does_not_fit() -> None:
    changed = document(stale())
    changed["diagnostics"][0]["place"]["source"] = "secret"
    assert not VALIDATOR.is_valid(changed)


def test_one_finding_in_full() -> None:
    assert document(stale().in_environment("prod"), environments=("dev", "prod")) == {
        "version": 1,
        "environments": ["dev", "prod"],
        "summary": {"errors": 1, "warnings": 0, "notes": 0, "files": 1},
        "diagnostics": [
            {
                "code": "MLC301",
                "title": document(stale())["diagnostics"][0]["title"],
                "severity": "error",
                "message": "feature view `card_activity` goes stale before it is refreshed",
                "place": {
                    "file": "systems/card-fraud/mlops.yaml",
                    "line": 27,
                    "column": 12,
                    "endLine": 27,
                    "endColumn": 15,
                    "label": "shorter than cadence 15m + materialize.every 30m = 45m",
                },
                "related": [
                    {
                        "file": "systems/card-fraud/mlops.yaml",
                        "line": 12,
                        "column": 16,
                        "endLine": 12,
                        "endColumn": 19,
                        "label": "new rows land this often",
                    }
                ],
                "help": "a ttl of 45m or more, or materialize every 10m",
                "path": "spec.features.views.card_activity.ttl",
                "environments": ["prod"],
                "redact": False,
            }
        ],
    }


def test_the_text_is_ascii_and_keeps_every_character() -> None:
    text = json.dumps(document(bare(HOSTILE)))
    assert text.isascii()
    assert standard.loads(text)["diagnostics"][0]["message"] == HOSTILE


def test_files_are_counted_by_their_primary_places() -> None:
    other = stale().__class__("MLC102", stale().severity, "x", place(3, 1, 1, file="workspace.yaml"))
    assert document(stale(), stale(), other, bare("x"))["summary"] == {
        "errors": 2,
        "warnings": 1,
        "notes": 0,
        "files": 2,
    }
