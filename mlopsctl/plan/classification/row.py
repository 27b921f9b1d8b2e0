"""A row of the classification: a pattern of paths, and what a difference there means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from mlopsctl.plan.differences import Path
from mlopsctl.plan.model import Effect

Propagation = Literal["", "retype", "remove", "values", "shape", "model"]
"""How a change propagates to users: another type, removal, other values, other fields of a set, other training."""


class FieldEffects(NamedTuple):
    """A row of the table: the field of the spec, and the effects.

    `path` has the prefix `workspace:` or `lock:` for the shared files; `{0}` and `{1}` stand for the names that the
    pattern's stars matched. `effect` is the effect of a change, `added` and `removed` those of an addition or removal.
    `node` is the kind of graph node that the change starts from; its name is `{0}`, or `{0}.{1}`.
    """

    path: str
    effect: Effect
    added: Effect
    removed: Effect
    propagation: Propagation = ""
    node: str = ""
    derived: bool = False


def row(
    pattern: str,
    path: str,
    effect: Effect,
    *,
    added: Effect | None = None,
    removed: Effect | None = None,
    propagation: Propagation = "",
    node: str = "",
    derived: bool = False,
) -> tuple[Path, FieldEffects]:
    """Return a row; without `added` and `removed`, an addition and a removal have the effect of a change."""
    come, at_removal = effect if added is None else added, effect if removed is None else removed
    return tuple(pattern.split("/")), FieldEffects(path, effect, come, at_removal, propagation, node, derived)


def rows(prefix: str, below: str, path: str, effect: Effect, **options: Any) -> Iterator[tuple[Path, FieldEffects]]:
    """Yield a row for each path below a prefix; a dot means the prefix itself."""
    for part in below.split():
        pattern = prefix if part == "." else f"{prefix}/{part}" if prefix else part
        yield row(pattern, path, effect, **options)


def within(name: str, below: str) -> str:
    """Prefix each path with a name."""
    return " ".join(f"{name}/{part}" for part in below.split())


FIELDS: Final = "(order) * */type"
VERSION: Final = f"version|uri|run|snapshot|package {within('inputs', FIELDS)} {within('outputs', FIELDS)}"
SERIES: Final = "metric|matchers"
POD: Final = (
    "labels/* annotations/* node_selector/*"
    " service_account|pull_secrets|tolerations|nodes|pods|priority_class|spread|queue"
    " environment/(order) environment/* environment/*/value|secret|key"
    " volumes/(order) volumes/* volumes/*/kind|source|path|read_only"
)
"""Patterns that several sections have."""
