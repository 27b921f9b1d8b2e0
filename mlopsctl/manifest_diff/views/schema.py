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
        "What differs between two rendered trees, or a tree and a cluster; dangerous first.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            old=text("What was compared with, in words."),
            new=text("What was compared, in words."),
            summary={"$ref": "#/$defs/counts", "description": "All files together."},
            everywhere=_list("everywhere", "Changes that many things have alike; they are not in `entries`."),
            entries=_list("entry", "Things that differ in more than what stands in `everywhere`."),
            files=_list("file", "Every file that differs, with nothing left out."),
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
        verdict={"enum": list(VERDICTS), "description": "What became of it; `replaced` goes under another name."},
        environment=text("The environment."),
        unit=text("The system, or `shared`."),
        file=text("Where it stands in the unit's folder, or stood if it was removed."),
        apiVersion=text("Of a Kubernetes object; empty for a file that holds none."),
        kind=text("Of a Kubernetes object; empty for a file that holds none."),
        namespace=text("Of a Kubernetes object; may be empty."),
        name=text("Of a Kubernetes object; of a file, its path."),
        oldFile=text("Where it stood, if that was elsewhere."),
        oldName=text("What it was called, if that was something else."),
        lines={"type": "integer", "minimum": 0, "description": "How long it is, if it was added or removed."},
        fields=_list("field", "Places inside of it that differ."),
    )


def _field() -> Schema:
    return closed(
        path=text("Where; items of lists go by their name: `spec.groups[drift].rules[Drift].for`."),
        **_change(),
        hunk=strings("Of a text of several lines: the changed lines, as a unified diff."),
        others=strings("More places in the same thing where the same value became the same."),
    )


def _everywhere() -> Schema:
    return closed(
        name=text("The field's own name."),
        **_change(),
        entries=strings("The things it is in."),
        places={"type": "integer", "minimum": 1, "description": "How often, in all of them together."},
    )


def _change() -> dict[str, Schema]:
    return {
        "verdict": {"enum": ["removed", "changed", "reordered", "added"]},
        "old": {"description": "The value it had, with secrets masked; null where there was none, or a hunk tells."},
        "new": {"description": "The value it has, with secrets masked; null where there is none, or a hunk tells."},
    }
