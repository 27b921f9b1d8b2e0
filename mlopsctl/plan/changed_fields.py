"""The changed fields of a system, read from its Blueprints before and after.

A cause is a field of the spec with both values. Derived causes count only where no other field explains them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.plan.classification import table
from mlopsctl.plan.differences import ABSENT, ORDER, Difference, differences
from mlopsctl.plan.model import Action
from mlopsctl.plan.renames import Rename, happened, read_under, renamed
from mlopsctl.secrets.values import masked

_LONGEST_VALUE = 60
_IMAGES = frozenset({"model.code.image", "workspace:defaults.image", "workspace:stack.serving.image"})
_ALERTS = {"freshness": "alerts.freshness", "drift": "alerts.drift", "quality": "alerts.quality"}


class Cause(NamedTuple):
    """A changed field with its value before and after."""

    read: table.ClassifiedDifference
    action: Action
    old: str
    new: str


class Causes(NamedTuple):
    """The changed fields of one system; `derived` are the ones that another changed field may explain."""

    renamed: tuple[Rename, ...]
    plain: tuple[Cause, ...]
    derived: tuple[Cause, ...]


def renames(before: Blueprint, after: Blueprint, names: Mapping[str, str]) -> tuple[Rename, ...]:
    """Return the declared renames that this change makes; `names` maps new paths to old names."""
    return tuple(happened(names, _plain(before), _plain(after))) if names else ()


def causes(
    before: Blueprint, after: Blueprint, everywhere: Mapping[str, tuple[Rename, ...]], locked: frozenset[str]
) -> Causes:
    """Read the differences; `everywhere` are the renames by system, `locked` the digests in the lock."""
    own = after.identity.system
    renames = tuple(rename for rename in everywhere.get(own, ()) if rename.section != "metadata")
    elsewhere = [(system, item) for system, several in everywhere.items() for item in several]
    old, new = read_under(_plain(before), own, elsewhere), _plain(after)
    for rename in renames:
        old = renamed(old, rename, own)
    spelling = _Spelling(before.identity.system, after.identity.system, renames)
    names = _path_names(old, new, after.identity.environment)
    by_path: dict[str, list[Cause]] = {}
    for difference in differences(spelling.renamed(old), new):
        if not spelling.same(difference):
            cause = _cause(difference, _about(difference, names, old, new), old, new, locked)
            by_path.setdefault(cause.read.path, []).append(cause)
    joined = [_worst_cause(several) for several in by_path.values()]
    plain = _settled([cause for cause in joined if not cause.read.derived])
    return Causes(renames, tuple(plain), tuple(cause for cause in joined if cause.read.derived))


def _plain(blueprint: Blueprint) -> dict[str, Any]:
    """Return a Blueprint as plain data, without the parts that a running rollout adds.

    Each patch and manifest is a difference of its own, also where one side has none.
    """
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(blueprint))
    return {"patches": [], "extra": [], **data, "slos": [slo for slo in data["slos"] if not slo.get("of_candidate")]}


class _Spelling:
    """Names that other names contain: a renamed system's three spellings, and renamed endpoints."""

    def __init__(self, old: str, new: str, renames: tuple[Rename, ...]) -> None:
        pairs = list(zip(_spellings(old), _spellings(new), strict=True)) if old != new else []
        pairs += [
            (f"{new}-{rename.old}", f"{new}-{rename.new}")
            for rename in renames
            if rename.section == "serving.endpoints"
        ]
        self.pairs = [(re.compile(rf"(?<![A-Za-z0-9]){re.escape(was)}"), now) for was, now in pairs]

    def renamed(self, value: Any) -> Any:
        """Return plain data with the old name replaced wherever a name begins with it."""
        if not self.pairs:
            return value
        if isinstance(value, dict):
            return {self.renamed(key): self.renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.renamed(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def same(self, difference: Difference) -> bool:
        """Return whether two values differ only in the system's name."""
        return bool(self.pairs) and self.renamed(difference.old) == self.renamed(difference.new)

    def _text(self, text: str) -> str:
        for pattern, now in self.pairs:
            text = pattern.sub(now, text)
        return text


def _spellings(name: str) -> tuple[str, str, str]:
    return name, name.replace("-", "_"), "".join(part.capitalize() for part in name.split("-"))


def _path_names(old: dict[str, Any], new: dict[str, Any], environment: str) -> dict[str, str]:
    """Return the names that paths of the spec contain but a difference does not."""
    model = new.get("model") or old.get("model") or {}
    label = model.get("label") or {}
    quality = ((new.get("checks") or {}).get("live") or {}).get("quality") or {}
    by_purpose = {pipeline["purpose"]: pipeline["name"] for pipeline in (*old["pipelines"], *new["pipelines"])}
    return {
        "environment": environment,
        "label": label.get("name", ""),
        "rows": label.get("source", ""),
        "locked": f"{model.get('registered_name', '')}@{model.get('alias', '')}",
        "quality": "min" if quality.get("higher_is_better", True) else "max",
        "train": by_purpose.get("train", ""),
        "materialize": by_purpose.get("materialize", ""),
        "monitor": by_purpose.get("monitor", ""),
        "source": "alerts",
    }


def _about(difference: Difference, names: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Add the source of an alert in the spec."""
    if difference.path[0] != "alerts" or len(difference.path) < 2:
        return names
    alert = next(
        (entry for side in (new, old) for entry in side["alerts"] if entry["name"] == difference.path[1]), None
    )
    return {**names, "source": _spec_path(alert) if alert else "alerts"}


def _spec_path(alert: dict[str, Any]) -> str:
    source: str = alert["source"]
    return _ALERTS.get(alert["group"]) or source.removeprefix("spec.")


def _cause(
    difference: Difference, names: dict[str, str], old: dict[str, Any], new: dict[str, Any], locked: frozenset[str]
) -> Cause:
    read = table.classify(difference, names)
    if (
        difference.path[0] == "alerts"
        and len(difference.path) == 2
        and names["source"] not in _paths_on_both_sides(old, new)
    ):
        read = read._replace(derived=False)
    if read.path in _IMAGES and str(difference.new).partition("@")[2] in locked:
        read = read._replace(path=f"lock:environments.{names['environment']}.images")
    if (
        difference.path[0] == "endpoints"
        and len(difference.path) == 2
        and difference.path[1] in {*old["left_out"], *new["left_out"]}
    ):
        # The endpoint itself is unchanged: its version is removed from the lock, or locked for the first time.
        read = read._replace(path=f"lock:environments.{names['environment']}.models.{names['locked']}")
    removed, come = (
        difference.new is ABSENT or difference.new is None,
        difference.old is ABSENT or difference.old is None,
    )
    action = Action.REMOVED if removed else Action.ADDED if come else Action.CHANGED
    if difference.path[-1] == ORDER:
        return Cause(read, Action.CHANGED, ", ".join(difference.old), ", ".join(difference.new))
    # A member of a user's map is named by its key, a list item by its list.
    name = next((part for part in reversed(difference.path) if not part.isdecimal()), "")
    old_value, new_value = (
        value if value is ABSENT else masked(value, name) for value in (difference.old, difference.new)
    )
    return Cause(read, action, value_text(old_value), value_text(new_value))


def _paths_on_both_sides(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {_spec_path(alert) for alert in old["alerts"]} & {_spec_path(alert) for alert in new["alerts"]}


def value_text(value: Any) -> str:
    """Return a short text of a value; for a named object, its fields without the name."""
    if value is ABSENT or value is None or value == []:
        return ""
    if isinstance(value, dict):
        stated = {key: inner for key, inner in value.items() if inner not in (None, "", [], {}) and key != "name"}
        text = ", ".join(f"{key.replace('_', ' ')} {value_text(inner)}" for key, inner in stated.items())
    elif isinstance(value, list):
        text = ", ".join(value_text(item) for item in value)
    else:
        text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _worst_cause(several: list[Cause]) -> Cause:
    """Return the most dangerous of several differences of one field."""
    first = max(several, key=lambda item: (not item.read.derived, item.read.effect, bool(item.read.propagation)))
    actions = {item.action for item in several}
    return first if len(actions) == 1 else first._replace(action=Action.CHANGED)


def _settled(causes: list[Cause]) -> list[Cause]:
    """Drop causes that a workspace default explains, and parts of an object that is added or removed."""
    paths = {cause.read.path for cause in causes}
    if "workspace:defaults.resources" in paths:
        causes = [cause for cause in causes if cause.read.path != "model.resources"]
    roots = {cause.read.path for cause in causes if cause.action is not Action.CHANGED}
    return [cause for cause in causes if not any(cause.read.path.startswith(f"{other}.") for other in roots)]
