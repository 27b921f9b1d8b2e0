"""The rules between the stages, as one list.

In: a landscape, or the documents as they were read. Out: findings. A rule is a function of a bound system (or of the
whole landscape), in the file of its concern; it reports and never mends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Landscape, System
from mlopsctl.rules import (
    checks,
    expressions,
    features,
    freshness,
    lock,
    objectives,
    own_checks,
    pipelines,
    policy,
    references,
    serving,
    stack,
    stores,
    texts,
)

__all__ = ["LANDSCAPE_RULES", "RULES", "run", "texts"]

Rule = Callable[[System], Iterator[Diagnostic]]
LandscapeRule = Callable[[Landscape], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    *features.RULES,
    *freshness.RULES,
    *checks.RULES,
    *own_checks.RULES,
    *serving.RULES,
    *pipelines.RULES,
    *objectives.RULES,
    *expressions.RULES,
    *stack.RULES,
    *policy.RULES,
)
LANDSCAPE_RULES: tuple[LandscapeRule, ...] = (
    *references.LANDSCAPE_RULES,
    *stack.LANDSCAPE_RULES,
    *pipelines.LANDSCAPE_RULES,
    *stores.LANDSCAPE_RULES,
    *lock.LANDSCAPE_RULES,
)


def run(landscape: Landscape) -> Iterator[Diagnostic]:
    """Run every rule on every system, and those about all of them on the landscape.

    A finding about something that could not be read is dropped: its cause has been reported.
    """
    for system in landscape.systems.values():
        for rule in RULES:
            for finding in rule(system):
                if not _clouded(system, finding):
                    yield finding
    for check in LANDSCAPE_RULES:
        yield from check(landscape)


def _clouded(system: System, finding: Diagnostic) -> bool:
    """Tell whether something was left out at a finding's place, around it, inside it, or beside it.

    Beside counts in a section, whose keys belong together, and not in a map of names.
    """
    if not system.origin.left_out and not system.origin.uncertain:
        return False
    parts = tuple(int(part) if part.isdigit() else part for part in finding.path.split("."))
    beside = [gone for gone in system.origin.left_out if gone[:-1] == parts[:-1]]
    return system.origin.unreadable(*parts) or bool(beside and system.origin.is_section(*parts[:-1]))
