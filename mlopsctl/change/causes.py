"""The fields that somebody changed, read from two Blueprints of one system.

In: both Blueprints, and what the new spec says of its change. Out: causes, each a field of the spec with its values
before and after: those that stand for themselves, and those that follow from another field where one explains them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.change import meaning
from mlopsctl.change.differences import ABSENT, ORDER, Difference, differences
from mlopsctl.change.model import Action
from mlopsctl.change.renames import Rename, happened, read_under, renamed

_SHOWN = 60
_IMAGES = frozenset({"model.code.image", "workspace:defaults.image", "workspace:stack.serving.image"})
_ALERTS = {"freshness": "alerts.freshness", "drift": "alerts.drift", "quality": "alerts.quality"}


class Cause(NamedTuple):
    """A field that was changed, from what to what."""

    read: meaning.Read
    action: Action
    old: str
    new: str


class Causes(NamedTuple):
    """What was changed in one system; `derived` follows from other fields where any explain it."""

    renamed: tuple[Rename, ...]
    plain: tuple[Cause, ...]
    derived: tuple[Cause, ...]


def renames(before: Blueprint, after: Blueprint, names: Mapping[str, str]) -> tuple[Rename, ...]:
    """Return the renames that happened, of those that a spec tells: old names by the new path."""
    return tuple(happened(names, _plain(before), _plain(after))) if names else ()


def causes(
    before: Blueprint, after: Blueprint, everywhere: Mapping[str, tuple[Rename, ...]], locked: frozenset[str]
) -> Causes:
    """Read what differs; `everywhere` are the renames by system, `locked` the digests that the lock holds."""
    own = after.identity.system
    told = tuple(one for one in everywhere.get(own, ()) if one.section != "metadata")
    elsewhere = [(system, one) for system, several in everywhere.items() for one in several]
    old, new = read_under(_plain(before), own, elsewhere), _plain(after)
    for rename in told:
        old = renamed(old, rename, own)
    spelt = _Spelling(before.identity.system, after.identity.system, told)
    words = _words(old, new, after.identity.environment)
    found: dict[str, list[Cause]] = {}
    for one in differences(spelt.again(old), new):
        if not spelt.same(one):
            cause = _cause(one, _about(one, words, old, new), old, new, locked)
            found.setdefault(cause.read.path, []).append(cause)
    each = [_one(several) for several in found.values()]
    plain = _settled([one for one in each if not one.read.derived])
    return Causes(told, tuple(plain), tuple(one for one in each if one.read.derived))


def _plain(blueprint: Blueprint) -> dict[str, Any]:
    """Return a Blueprint as plain data, without what a rollout adds for itself."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(blueprint))
    return {**data, "slos": [one for one in data["slos"] if not one["of_candidate"]]}


class _Spelling:
    """Names of which others are made: a renamed system's in its three spellings, and those of renamed endpoints."""

    def __init__(self, old: str, new: str, renames: tuple[Rename, ...]) -> None:
        pairs = list(zip(_spellings(old), _spellings(new), strict=True)) if old != new else []
        pairs += [(f"{new}-{one.old}", f"{new}-{one.new}") for one in renames if one.section == "serving.endpoints"]
        self.pairs = [(re.compile(rf"(?<![A-Za-z0-9]){re.escape(was)}"), now) for was, now in pairs]

    def again(self, value: Any) -> Any:
        """Return plain data in which the old name is the new one, wherever a name begins with it."""
        if not self.pairs:
            return value
        if isinstance(value, dict):
            return {self.again(key): self.again(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.again(one) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def same(self, one: Difference) -> bool:
        """Tell whether two values differ in the system's name alone."""
        return bool(self.pairs) and self.again(one.old) == self.again(one.new)

    def _text(self, text: str) -> str:
        for pattern, now in self.pairs:
            text = pattern.sub(now, text)
        return text


def _spellings(name: str) -> tuple[str, str, str]:
    return name, name.replace("-", "_"), "".join(part.capitalize() for part in name.split("-"))


def _words(old: dict[str, Any], new: dict[str, Any], environment: str) -> dict[str, str]:
    """Return the names that paths of the spec hold and a difference does not tell."""
    model = new.get("model") or old.get("model") or {}
    label = model.get("label") or {}
    quality = ((new.get("checks") or {}).get("live") or {}).get("quality") or {}
    by_purpose = {one["purpose"]: one["name"] for one in (*old["pipelines"], *new["pipelines"])}
    return {
        "environment": environment,
        "label": label.get("name", ""),
        "rows": label.get("source", ""),
        "locked": f"{model.get('registered_name', '')}@{model.get('alias', '')}",
        "quality": "min" if quality.get("higher_is_better", True) else "max",
        "train": by_purpose.get("train", ""),
        "materialize": by_purpose.get("materialize", ""),
        "source": "alerts",
    }


def _about(one: Difference, words: dict[str, str], old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Add where in the spec an alert comes from."""
    if one.path[0] != "alerts" or len(one.path) < 2:
        return words
    alert = next((each for side in (new, old) for each in side["alerts"] if each["name"] == one.path[1]), None)
    return {**words, "source": _asked_for(alert) if alert else "alerts"}


def _asked_for(alert: dict[str, Any]) -> str:
    source: str = alert["source"]
    return _ALERTS.get(alert["group"]) or source.removeprefix("spec.")


def _cause(
    one: Difference, words: dict[str, str], old: dict[str, Any], new: dict[str, Any], locked: frozenset[str]
) -> Cause:
    read = meaning.read(one, words)
    if one.path[0] == "alerts" and len(one.path) == 2 and words["source"] not in _asked_on_both(old, new):
        read = read._replace(derived=False)
    if read.path in _IMAGES and str(one.new).partition("@")[2] in locked:
        read = read._replace(path=f"lock:environments.{words['environment']}.images")
    gone, come = one.new is ABSENT or one.new is None, one.old is ABSENT or one.old is None
    action: Action = "removed" if gone else "added" if come else "changed"
    if one.path[-1] == ORDER:
        return Cause(read, "changed", ", ".join(one.old), ", ".join(one.new))
    return Cause(read, action, shown(one.old), shown(one.new))


def _asked_on_both(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {_asked_for(one) for one in old["alerts"]} & {_asked_for(one) for one in new["alerts"]}


def shown(value: Any) -> str:
    """Show a value in a few words: of a thing, what is said of it besides its name."""
    if value is ABSENT or value is None or value == []:
        return ""
    if isinstance(value, dict):
        said = {key: inner for key, inner in value.items() if inner not in (None, "", [], {}) and key != "name"}
        text = ", ".join(f"{key.replace('_', ' ')} {shown(inner)}" for key, inner in said.items())
    elif isinstance(value, list):
        text = ", ".join(shown(one) for one in value)
    else:
        text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _one(several: list[Cause]) -> Cause:
    """Of several differences of one field, tell the one that weighs most."""
    first = max(several, key=lambda one: (not one.read.derived, one.read.effect, bool(one.read.spread)))
    actions = {one.action for one in several}
    return first if len(actions) == 1 else first._replace(action="changed")


def _settled(found: list[Cause]) -> list[Cause]:
    """Leave out what a default of the workspace explains, and a thing's own parts where the whole came or went."""
    paths = {one.read.path for one in found}
    if "workspace:defaults.resources" in paths:
        found = [one for one in found if one.read.path != "model.resources"]
    whole = {one.read.path for one in found if one.action != "changed"}
    return [one for one in found if not any(one.read.path.startswith(f"{other}.") for other in whole)]
