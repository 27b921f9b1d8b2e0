"""A manifest diff as a versioned JSON document; the other formats are rendered from it."""

from __future__ import annotations

from typing import Any

from mlopsctl.manifest_diff.model import Difference, Entry, Field, FileCounts, SharedChange
from mlopsctl.secrets.values import concealed

VERSION = 1
VERDICTS = ("removed", "replaced", "changed", "moved", "added")

Document = dict[str, Any]


def document(difference: Difference, old: str, new: str) -> Document:
    """Return the differences between `old` and `new`, which describe the compared sides."""
    files = [_file(file) for file in difference.files]
    return {
        "version": VERSION,
        "old": old,
        "new": new,
        "summary": {key: sum(file[key] for file in files) for key in (*VERDICTS, "fields")},
        "everywhere": [_everywhere(row) for row in difference.everywhere],
        "entries": [_entry(entry) for entry in difference.entries],
        "files": files,
    }


def _entry(entry: Entry) -> Document:
    return {
        "verdict": entry.verdict,
        "environment": entry.environment,
        "unit": entry.unit,
        "file": entry.file,
        "apiVersion": entry.api_version,
        "kind": entry.kind,
        "namespace": entry.namespace,
        "name": entry.name,
        "oldFile": entry.old_file,
        "oldName": entry.old_name,
        "lines": entry.lines,
        "fields": [_field(field) for field in entry.fields],
    }


def _field(field: Field) -> Document:
    return {
        "path": field.path,
        "verdict": field.verdict,
        "old": concealed(field.old),
        "new": concealed(field.new),
        "hunk": list(field.hunk),
        "others": list(field.others),
    }


def _everywhere(everywhere: SharedChange) -> Document:
    return {
        "name": everywhere.name,
        "verdict": everywhere.verdict,
        "old": everywhere.old,
        "new": everywhere.new,
        "entries": list(everywhere.entries),
        "places": everywhere.places,
    }


def _file(file_counts: FileCounts) -> Document:
    return {"file": file_counts.file, **{key: getattr(file_counts, key) for key in (*VERDICTS, "fields")}}
