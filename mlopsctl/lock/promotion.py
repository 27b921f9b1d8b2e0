"""Promotion: which entries move from one environment's lock to the next one's, and what stands in the way.

In: the order of environments, the landscape of the one promoted to, the lock as plain data, recorded values of gates.
Out: changed data, changes, findings. Never asks a registry, never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.lock.changes import Change, put
from mlopsctl.lock.uses import MODELS, WORDS, Data, Use, locked
from mlopsctl.resolve.model import Landscape, System


def against_the_order(environments: Mapping[str, str | None], source: str, target: str) -> str:
    """Say how a promotion goes against the order of environments; nothing where it follows it."""
    before = environments[target]
    if before == source:
        return ""
    order = " -> ".join(_chain(environments, target))
    if source and target in _chain(environments, source):
        return f"`{source}` comes after `{target}`: the order is {' -> '.join(_chain(environments, source))}"
    if before is None:
        return f"`{target}` is promoted from no environment: give it `promoteFrom` in the workspace"
    return f"`{target}` is promoted from `{before}` and not from `{source}`: the order is {order}"


def _chain(environments: Mapping[str, str | None], target: str) -> list[str]:
    chain: list[str] = [target]
    while (before := environments.get(chain[0])) and before not in chain:
        chain.insert(0, before)
    return chain


def moved(
    data: Data, used: Iterable[Use], source: str, systems: Iterable[str]
) -> tuple[tuple[Change, ...], tuple[Diagnostic, ...]]:
    """Move what the systems use; `data` is changed. What the source has not locked is a finding."""
    chosen = set(systems)
    changes, found = [], []
    for use in used:
        if not chosen.intersection(use.systems):
            continue
        entry = locked(data, source, use.kind).get(use.key)
        if entry is None:
            if use.needed:
                found.append(_not_locked(use, source))
            continue
        value = {key: part for key, part in entry.items() if key != "candidate"} if use.kind == MODELS else entry
        change = put(data, use, value)
        if change:
            changes.append(change)
    return tuple(changes), tuple(found)


def _not_locked(use: Use, source: str) -> Diagnostic:
    message = f"{WORDS[use.kind]} `{use.key}`, which `{use.environment}` uses, is not locked in `{source}`"
    help = f"run `mlopsctl lock --env {source}`, and let both environments name the same {WORDS[use.kind]}"
    return codes.NOTHING_TO_PROMOTE.at(use.place, message, help=help)


def gates_hold(landscape: Landscape, use: Use, version: str, reached: Mapping[str, Any] | None) -> list[Diagnostic]:
    """Hold the values that a version reached to the gates of the environment it goes to.

    `maxDrop` compares two versions on the same rows, which were looked at when the version was registered.
    """
    found = []
    for system in landscape.systems.values():
        if system.name in use.systems and use.key == system.trained and system.spec.checks:
            for metric, gate in system.spec.checks.gates.items():
                problem = _problem(metric, gate, reached)
                if problem:
                    found.append(_failed(system, use, version, metric, problem))
    return found


def _problem(metric: str, gate: Any, reached: Mapping[str, Any] | None) -> str:
    if reached is None:
        return "has no gates recorded"
    value = reached.get(metric)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return f"has no `{metric}` recorded"
    if gate.min is not None and not value >= float(gate.min):
        return f"reached a `{metric}` of {value:.6g}, and {gate.min} is the least"
    if gate.max is not None and not value <= float(gate.max):
        return f"has a `{metric}` of {value:.6g}, and {gate.max} is the most"
    return ""


def _failed(system: System, use: Use, version: str, metric: str, problem: str) -> Diagnostic:
    place = system.origin.key("spec", "checks", "gates", metric, label=f"the gate in `{use.environment}`")
    message = f"version {version} of `{use.key}` {problem}"
    return codes.GATES.at(place, message, path=f"spec.checks.gates.{metric}")
