"""The table: what a difference means, by the one row that its path has."""

from __future__ import annotations

from typing import Final, NamedTuple

from mlopsctl.plan.classification import (
    alerts,
    checks,
    engines,
    features,
    identity,
    overlay,
    pipelines,
    serving,
    training,
)
from mlopsctl.plan.classification.row import FieldEffects, Propagation
from mlopsctl.plan.differences import ABSENT, ORDER, Difference, Path
from mlopsctl.plan.model import Effect


class ClassifiedDifference(NamedTuple):
    """A classified difference."""

    path: str
    effect: Effect
    propagation: Propagation
    node: tuple[str, ...]
    derived: bool
    removed: bool = False


TABLE: Final = (
    *identity.ROWS,
    *engines.ROWS,
    *features.ROWS,
    *training.ROWS,
    *checks.ROWS,
    *pipelines.ROWS,
    *serving.ROWS,
    *alerts.ROWS,
    *overlay.ROWS,
)
"""Every row, in the order of the Blueprint's sections."""


def classify(difference: Difference, names: dict[str, str]) -> ClassifiedDifference:
    """Classify one difference; `names` are the names in a path that only the Blueprints contain.

    Raises LookupError where no row fits. A test checks that every path of a Blueprint has a row.
    """
    where = _by_purpose(difference.path, names)
    for pattern, meaning in TABLE:
        caught = match(pattern, where)
        if caught is not None:
            path = meaning.path.format(*(*caught, *[""] * 3), **names)
            node = (meaning.node, *caught) if meaning.node else ()
            removed = difference.new is ABSENT or difference.new is None
            return ClassifiedDifference(
                _camel(path), _effect(meaning, difference), meaning.propagation, node, meaning.derived, removed
            )
    raise LookupError(f"no row classifies {'/'.join(difference.path)}")


def _by_purpose(path: Path, names: dict[str, str]) -> Path:
    """Replace a pipeline's name by its purpose; only rollout pipelines keep their name."""
    if path[0] != "pipelines" or len(path) == 1 or path[1] == ORDER:
        return path
    purposes = (purpose for purpose in ("train", "materialize", "monitor") if names[purpose] == path[1])
    return ("pipelines", next(purposes, "rollout"), *path[2:])


def _effect(meaning: FieldEffects, difference: Difference) -> Effect:
    """Return the effect; turning a switch on is an addition, turning it off a change."""
    if difference.old is ABSENT or difference.old is None or difference.old is False:
        return meaning.added
    if difference.new is ABSENT or difference.new is None:
        return meaning.removed
    return meaning.effect


def match(pattern: Path, path: Path) -> tuple[str, ...] | None:
    """Match a path against a pattern; return the matched names, or None where it does not match."""
    rest = pattern[-1] == "**"
    parts = pattern[:-1] if rest else pattern
    if len(path) < len(parts) or (len(path) > len(parts) and not rest):
        return None
    if not all(map(_fits, parts, path)):
        return None
    return tuple(part for want, part in zip(parts, path, strict=False) if want != part or "|" in want)


def _fits(pattern: str, part: str) -> bool:
    """Return whether a part of a path matches a part of a pattern."""
    if ORDER in (pattern, part):
        return pattern == part
    if pattern.startswith("!"):
        return not _fits(pattern[1:], part)
    choices = pattern.replace("~", "/").split("|")
    return any(part.startswith(choice[:-1]) if choice.endswith("*") else part == choice for choice in choices)


def _camel(path: str) -> str:
    """Spell the last word of a path as in the spec, where the Blueprint spells it differently."""
    head, dot, last = path.rpartition(".")
    return f"{head}{dot}{_SPEC_KEYS.get(last, last)}"


_SPEC_KEYS: Final = {
    "event_time": "eventTime",
    "created_time": "createdTime",
    "warehouse": "type",
    "max_drop": "maxDrop",
}
