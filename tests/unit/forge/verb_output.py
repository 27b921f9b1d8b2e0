"""Folders as the verbs leave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def finding(number: int = 1, severity: str = "warning", message: str = "goes stale") -> dict[str, Any]:
    """Return a finding as `validate -o json` writes it."""
    return {
        "code": "MLC301",
        "title": "a view that goes stale",
        "severity": severity,
        "message": message,
        "place": {
            "file": "ml/mlops.yaml",
            "line": number,
            "column": 3,
            "endLine": number,
            "endColumn": 6,
            "label": "here",
        },
        "related": [],
        "help": "a ttl of 45m",
        "path": "spec",
        "environments": [],
        "redact": False,
    }


def findings(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return the document of such findings."""
    weights = [entry["severity"] for entry in entries]
    counts = {"errors": weights.count("error"), "warnings": weights.count("warning"), "notes": weights.count("note")}
    return {"version": 1, "environments": ["prod"], "summary": {**counts, "files": 1}, "diagnostics": list(entries)}


def folder(at: Path, *entries: dict[str, Any], **texts: str) -> Path:
    """Write findings and other files, `plan_json` as plan.json."""
    at.mkdir(exist_ok=True)
    (at / "findings.json").write_text(json.dumps(findings(*entries)))
    for name, text in texts.items():
        (at / name.replace("_", ".")).write_text(text)
    return at
