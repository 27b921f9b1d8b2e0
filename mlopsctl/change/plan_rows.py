"""The words of a plan that text and Markdown share.

In: parts of the JSON document. Out: short texts. Never marks anything up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

QUIET = frozenset({"rules only", "metadata only", "pipelines only", "nothing"})
"""Effects that a reviewer of two minutes need not read one by one."""


def loud(document: Json) -> list[Json]:
    """Return the changes that are told without being asked for."""
    return [one for one in document["changes"] if one["effect"] not in QUIET]


def quiet(document: Json) -> list[Json]:
    """Return the others."""
    return [one for one in document["changes"] if one["effect"] in QUIET]


def what(change: Json) -> str:
    """Say what was changed, from what to what."""
    whose = f"{change['system']}: " if change["system"] else ""
    name = f"{whose}{change['path']}"
    old, new = change["old"], change["new"]
    if change["action"] == "renamed":
        return f"{name}: renamed from {old}"
    if change["action"] != "changed":
        value = new or old
        return f"{name}: {change['action']}" + (f", {value}" if value and value not in name else "")
    return f"{name}: {old or 'nothing'} -> {new or 'nothing'}" if old or new else name


def chains(change: Json) -> Iterator[str]:
    """Yield each way from the cause to who is reached."""
    for chain in change["chains"]:
        yield " → ".join(chain)


def consequence(one: Json) -> str:
    """Say one effect, on what, and how it comes about."""
    whose = f" of {one['system']}" if one["system"] else ""
    where = f" in {', '.join(one['environments'])}" if one["environments"] else ""
    return f"{one['effect']}{where}: {one['on']}{whose}: {one['applied']}"


def folded(changes: Iterable[Json]) -> str:
    """Say how many quiet changes there are of each effect."""
    counts: dict[str, int] = {}
    for one in changes:
        counts[one["effect"]] = counts.get(one["effect"], 0) + 1
    return ", ".join(f"{number} of {effect}" for effect, number in counts.items())


def answer(one: Json) -> str:
    """Say whether a version can be served after the change."""
    word = {"serves": "serves now", "candidate": "is on its way in", "rollback": "to roll back to"}[one["role"]]
    verdict = "can be served" if one["servable"] else f"cannot be served: it {one['why']}"
    before = "" if one["was"] or one["servable"] else " (nor could it before)"
    return f"version {one['version']} ({word}) {verdict}{before}"


def compared(document: Json) -> str:
    """Say what was compared, and how much of the tree differs; specs that are not understood are not rendered."""
    count = document["files"]
    files = "1 rendered file differs" if count == 1 else f"{count} rendered files differ"
    return f"compared with {document['against']}; {'nothing was rendered' if document['unclear'] else files}"


def where(one: Json) -> str:
    """Name the endpoint of an answer."""
    return f"{one['system']}/{one['endpoint']} in {one['environment']}"
