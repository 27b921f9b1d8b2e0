"""The text output of `mlopsctl status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mlopsctl.cli.views.run_summary import aligned
from mlopsctl.diagnostics.render.visible import cut, visible

_LONGEST = 160
_DRIFTED = {"added": "missing in the cluster", "changed": "differs from Git", "removed": "only in the cluster"}


def render(document: dict[str, Any]) -> str:
    """Return a paragraph per environment."""
    return "\n\n".join("\n".join(_lines(environment)) for environment in document["environments"]) + "\n"


def _lines(report: dict[str, Any]) -> Iterator[str]:
    if not report["reached"]:
        yield f"{report['environment']}: unknown"
        return
    cluster = report["cluster"]
    yield visible(f"{report['environment']}  {cluster['server']}  (context {cluster['context']})")
    for title, rows in (
        ("applications", [_application(application) for application in report["applications"] or ()]),
        ("models", [_model(model) for model in report["models"]]),
        ("drift", [_drift(entry) for entry in report["drift"]]),
    ):
        if rows:
            yield f"  {title}"
            yield from (f"    {line}" for line in aligned(rows))
    yield f"  {_summary(report)}"


def _application(entry: dict[str, str]) -> list[str]:
    message = cut(visible(entry["message"]), _LONGEST)
    return [visible(entry[key]) for key in ("name", "sync", "health", "revision")] + [message]


def _model(entry: dict[str, Any]) -> list[str]:
    serves = f"serves {entry['live']}" if entry["live"] else "not deployed"
    verdict = "" if entry["agrees"] else f"  NOT THE LOCKED VERSION: {entry['live_uri'] or 'none'}"
    row = (
        f"{entry['system']}/{entry['endpoint']}",
        entry["role"],
        f"locked {entry['locked']}",
        serves,
        entry["ready"],
        verdict,
    )
    return [visible(cell) for cell in row]


def _drift(entry: dict[str, str]) -> list[str]:
    return [visible(f"{entry['unit']} {entry['kind']} {entry['name']}"), _DRIFTED[entry["verdict"]]]


def _summary(report: dict[str, Any]) -> str:
    counts = Counter(entry["verdict"] for entry in report["drift"])
    parts = [f"{counts[verdict]} {label}" for verdict, label in _DRIFTED.items() if counts[verdict]]
    if not report["complete"]:
        parts.append("some objects could not be compared")
    return (
        f"{', '.join(parts)}: see `mlopsctl diff --live --env {report['environment']}`" if parts else "in sync with Git"
    )
