"""A diff as a versioned document. The other formats are made from it, so none can know more than it says.

In: a difference, and what was compared. Out: plain dicts, and JSON in ASCII. Never reads a tree.
"""

from __future__ import annotations

import json
from typing import Any

from mlopsctl.change.manifests_model import Difference, Entry, Everywhere, Field, FileCounts

VERSION = 1
VERDICTS = ("removed", "replaced", "changed", "moved", "added")

Document = dict[str, Any]


def document(difference: Difference, old: str, new: str) -> Document:
    """Return all that differs between `old` and `new`, which say in words what was compared."""
    files = [_file(one) for one in difference.files]
    return {
        "version": VERSION,
        "old": old,
        "new": new,
        "summary": {key: sum(one[key] for one in files) for key in (*VERDICTS, "fields")},
        "everywhere": [_everywhere(one) for one in difference.everywhere],
        "entries": [_entry(one) for one in difference.entries],
        "files": files,
    }


def render(document: Document) -> str:
    """Return the document as JSON text; all beyond ASCII is escaped."""
    return json.dumps(document, indent=2, ensure_ascii=True, default=str) + "\n"


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
        "fields": [_field(one) for one in entry.fields],
    }


def _field(field: Field) -> Document:
    return {
        "path": field.path,
        "verdict": field.verdict,
        "old": field.old,
        "new": field.new,
        "hunk": list(field.hunk),
        "others": list(field.others),
    }


def _everywhere(one: Everywhere) -> Document:
    return {
        "name": one.name,
        "verdict": one.verdict,
        "old": one.old,
        "new": one.new,
        "entries": list(one.entries),
        "places": one.places,
    }


def _file(one: FileCounts) -> Document:
    return {"file": one.file, **{key: getattr(one, key) for key in (*VERDICTS, "fields")}}
