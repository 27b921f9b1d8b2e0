"""The JSON Schema of a diff's document."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.render.json import dumps
from mlopsctl.diagnostics.render.schema import closed, published, strings, text
from mlopsctl.manifest_diff.views.json import VERDICTS, VERSION

FILE = f"diff.v{VERSION}.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return dumps(diff_schema())


def diff_schema() -> Schema:
    """Return the schema of what `mlopsctl diff -o json` prints."""
    return published(
        FILE,
        "mlopsctl diff",
        "The differences between two rendered trees, or a tree and a cluster; riskiest first.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            old=text("The old side, as text."),
            new=text("The new side, as text."),
            summary={"$ref": "#/$defs/counts", "description": "The totals over all files."},
            everywhere=_list("everywhere", "Changes that many objects have in common; they are not in `entries`."),
            entries=_list("entry", "Objects with differences beyond those in `everywhere`."),
            files=_list("file", "Every file that differs; complete."),
        ),
        {
            "counts": closed(**_counts()),
            "file": closed(file=text("Path from the output folder."), **_counts()),
            "entry": _entry(),
            "field": _field(),
            "everywhere": _everywhere(),
        },
    )


def _list(name: str, description: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _counts() -> dict[str, Schema]:
    count = {"type": "integer", "minimum": 0}
    return dict.fromkeys((*VERDICTS, "fields"), count)


def _entry() -> Schema:
    return closed(
        verdict={"enum": list(VERDICTS), "description": "The change; `replaced`: by an object with another name."},
        environment=text("The environment."),
        unit=text("The system, or `shared`."),
        file=text("Its file in the unit's folder; the last one if it was removed."),
        apiVersion=text("Of a Kubernetes object; empty for a file without objects."),
        kind=text("Of a Kubernetes object; empty for a file without objects."),
        namespace=text("Of a Kubernetes object; may be empty."),
        name=text("Of a Kubernetes object; of a file, its path."),
        oldFile=text("Its old file, if that differs."),
        oldName=text("Its old name, if that differs."),
        lines={"type": "integer", "minimum": 0, "description": "Its number of lines, if it was added or removed."},
        fields=_list("field", "Its changed fields."),
    )


def _field() -> Schema:
    return closed(
        path=text("The path; list items are identified by name: `spec.groups[drift].rules[Drift].for`."),
        **_change(),
        hunk=strings("For a multi-line text: the changed lines, as a unified diff."),
        others=strings("Further paths in the same object with the same change of value."),
    )


def _everywhere() -> Schema:
    return closed(
        name=text("The field's name."),
        **_change(),
        entries=strings("The objects with this change."),
        places={"type": "integer", "minimum": 1, "description": "The number of occurrences in all of them."},
    )


def _change() -> dict[str, Schema]:
    return {
        "verdict": {"enum": ["removed", "changed", "reordered", "added"]},
        "old": {"description": "The old value, with secrets masked; null if there was none, or if there is a hunk."},
        "new": {"description": "The new value, with secrets masked; null if there is none, or if there is a hunk."},
    }
