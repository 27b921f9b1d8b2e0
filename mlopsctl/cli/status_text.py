"""What `mlopsctl status` shows to a person.

In: what was found out about one environment. Out: lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mlopsctl.cli.summary import aligned
from mlopsctl.diagnostics.visible import cut, visible

_LONGEST = 160
_DRIFTED = {"added": "missing in the cluster", "changed": "differs from Git", "removed": "only in the cluster"}


def lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one environment."""
    if not told["reached"]:
        yield f"{told['environment']}: not known"
        return
    cluster = told["cluster"]
    yield visible(f"{told['environment']}  {cluster['server']}  (context {cluster['context']})")
    for title, rows in (
        ("applications", [_application(one) for one in told["applications"] or ()]),
        ("models", [_model(one) for one in told["models"]]),
        ("drift", [_drift(one) for one in told["drift"]]),
    ):
        if rows:
            yield f"  {title}"
            yield from (f"    {line}" for line in aligned(rows))
    yield f"  {_summary(told)}"


def _application(one: dict[str, str]) -> list[str]:
    message = cut(visible(one["message"]), _LONGEST)
    return [visible(one[key]) for key in ("name", "sync", "health", "revision")] + [message]


def _model(one: dict[str, Any]) -> list[str]:
    serves = f"serves {one['live']}" if one["live"] else "not deployed"
    verdict = "" if one["agrees"] else f"  NOT THE LOCKED VERSION: {one['live_uri'] or 'none'}"
    row = (f"{one['system']}/{one['endpoint']}", one["role"], f"locked {one['locked']}", serves, one["ready"], verdict)
    return [visible(cell) for cell in row]


def _drift(one: dict[str, str]) -> list[str]:
    return [visible(f"{one['unit']} {one['kind']} {one['name']}"), _DRIFTED[one["verdict"]]]


def _summary(told: dict[str, Any]) -> str:
    counts = Counter(one["verdict"] for one in told["drift"])
    parts = [f"{counts[verdict]} {words}" for verdict, words in _DRIFTED.items() if counts[verdict]]
    if not told["complete"]:
        parts.append("not all could be compared")
    return f"{', '.join(parts)}: see `mlopsctl diff --live --env {told['environment']}`" if parts else "as Git has it"
