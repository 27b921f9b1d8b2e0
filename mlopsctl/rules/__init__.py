"""The rules between stages, in one list.

A rule is a function of a bound system, or of the whole landscape. It yields diagnostics and changes nothing. Each file
holds the rules of one concern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules import (
    checks,
    columns,
    expressions,
    extra,
    features,
    freshness,
    library_checks,
    lock,
    objectives,
    pipelines,
    pods,
    policy,
    references,
    requests,
    serving,
    stack,
    stores,
    texts,
)

__all__ = ["LANDSCAPE_RULES", "RULES", "run", "texts"]

Rule = Callable[[System], Iterator[Diagnostic]]
LandscapeRule = Callable[[Landscape], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    *columns.RULES,
    *features.RULES,
    *requests.RULES,
    *freshness.RULES,
    *checks.RULES,
    *library_checks.RULES,
    *serving.RULES,
    *pipelines.RULES,
    *objectives.RULES,
    *expressions.RULES,
    *extra.RULES,
    *stack.RULES,
    *policy.RULES,
    *pods.RULES,
)
LANDSCAPE_RULES: tuple[LandscapeRule, ...] = (
    *columns.LANDSCAPE_RULES,
    *references.LANDSCAPE_RULES,
    *stack.LANDSCAPE_RULES,
    *pipelines.LANDSCAPE_RULES,
    *stores.LANDSCAPE_RULES,
    *lock.LANDSCAPE_RULES,
    *extra.LANDSCAPE_RULES,
)


def run(landscape: Landscape) -> Iterator[Diagnostic]:
    """Run the system rules on every system, then the landscape rules.

    Drop a diagnostic on a part of the spec that could not be read: the read error is already reported.
    """
    for system in landscape.systems.values():
        for rule in RULES:
            for finding in rule(system):
                if not _clouded(system, finding):
                    yield finding
    for check in LANDSCAPE_RULES:
        yield from check(landscape)


def _clouded(system: System, finding: Diagnostic) -> bool:
    """Return whether a part of the spec at the diagnostic's path could not be read.

    Parents and children of the path count. Siblings count in a section, but not in a map of names.
    """
    if not system.origin.left_out and not system.origin.uncertain:
        return False
    parts = tuple(int(part) if part.isdigit() else part for part in finding.path.split("."))
    siblings = [lost_path for lost_path in system.origin.left_out if lost_path[:-1] == parts[:-1]]
    return system.origin.unreadable(*parts) or bool(siblings and system.origin.is_section(*parts[:-1]))
