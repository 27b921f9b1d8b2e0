"""Promotion: copy locked entries from one environment to the next one, if order and gates allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mlopsctl.catalogue.bounds import above, below, text
from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.lock.changes import Change, update
from mlopsctl.lock.uses import KIND_NOUNS, MODELS, Data, Use, locked
from mlopsctl.resolve.model import Landscape, System


def order_violation(environments: Mapping[str, str | None], source: str, target: str) -> str:
    """Return why a promotion violates the order of environments; empty if it follows the order."""
    before = environments[target]
    if before == source:
        return ""
    order = " -> ".join(_chain(environments, target))
    if source and target in _chain(environments, source):
        return f"`{source}` comes after `{target}`: the order is {' -> '.join(_chain(environments, source))}"
    if before is None:
        return f"`{target}` has no `promoteFrom` in the workspace"
    return f"`{target}` is promoted from `{before}`, not from `{source}`: the order is {order}"


def _chain(environments: Mapping[str, str | None], target: str) -> list[str]:
    chain: list[str] = [target]
    while (before := environments.get(chain[0])) and before not in chain:
        chain.insert(0, before)
    return chain


def promoted(
    data: Data, used: Iterable[Use], source: str, systems: Iterable[str]
) -> tuple[tuple[Change, ...], tuple[Diagnostic, ...]]:
    """Copy the entries that the systems use into `data`; report those that the source has not locked."""
    chosen = set(systems)
    changes, diagnostics = [], []
    for use in used:
        if not chosen.intersection(use.systems):
            continue
        entry = locked(data, source, use.kind).get(use.key)
        if entry is None:
            if use.needed:
                diagnostics.append(_not_locked(use, source))
            continue
        value = {key: part for key, part in entry.items() if key != "candidate"} if use.kind == MODELS else entry
        change = update(data, use, value)
        if change:
            changes.append(change)
    return tuple(changes), tuple(diagnostics)


def _not_locked(use: Use, source: str) -> Diagnostic:
    message = f"{KIND_NOUNS[use.kind]} `{use.key}`, which `{use.environment}` uses, is not locked in `{source}`"
    help = f"run `mlopsctl lock --env {source}`, and use the same {KIND_NOUNS[use.kind]} in both environments"
    return codes.NOTHING_TO_PROMOTE.at(use.place, message, help=help)


def gates_hold(landscape: Landscape, use: Use, version: str, reached: Mapping[str, Any] | None) -> list[Diagnostic]:
    """Compare the recorded metrics of a version with the gates of the target environment.

    `maxDrop` compares two versions on the same rows and is checked only when the version is registered.
    """
    diagnostics = []
    for system in landscape.systems.values():
        if system.name in use.systems and use.key == system.trained and system.spec.checks:
            for metric, gate in system.spec.checks.gates.items():
                problem = _problem(metric, gate, reached)
                if problem:
                    diagnostics.append(_failed(system, use, version, metric, problem))
    return diagnostics


def _problem(metric: str, gate: Any, reached: Mapping[str, Any] | None) -> str:
    if reached is None:
        return "has no recorded gates"
    value = reached.get(metric)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return f"has no recorded `{metric}`"
    if below(value, gate.min):
        return f"has `{metric}` = {text(value)}, below the minimum of {gate.min}"
    if above(value, gate.max):
        return f"has `{metric}` = {text(value)}, above the maximum of {gate.max}"
    return ""


def _failed(system: System, use: Use, version: str, metric: str, problem: str) -> Diagnostic:
    place = system.origin.key("spec", "checks", "gates", metric, label=f"the gate in `{use.environment}`")
    message = f"version {version} of `{use.key}` {problem}"
    return codes.GATES.at(place, message, path=f"spec.checks.gates.{metric}")
