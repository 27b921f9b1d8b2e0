"""Locked versions must not change: a registry's version is immutable.

These diagnostics cannot be accepted in a spec: only `lock` reads the registry again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlopsctl.diagnostics.codes import lock as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.lock.digest import FACTS, digest
from mlopsctl.plan.model import State

Entry = Mapping[str, Any]


def altered(before: State, after: State) -> Iterator[Diagnostic]:
    """Yield each locked version that differs from before, or from the same version in another environment."""
    for (environment, key), entry in after.models.items():
        for path, version in _versions(entry):
            earlier = _earlier_entry(before.models, environment, key, version)
            if earlier is not None:
                yield from _compared(earlier, version, environment, key, path)


def _compared(earlier: Entry, entry: Entry, environment: str, key: str, path: str) -> Iterator[Diagnostic]:
    differing = [name for name in (*FACTS, "digest") if _differs(name, earlier, entry)]
    if not differing:
        return
    where = f"lock:environments.{environment}.models.{key}{path}"
    subject = f"version {entry.get('version')} of `{key}` has another {_listed(differing)} than before"
    if entry.get("replaces") == digest(earlier) and entry.get("digest") == digest(entry):
        message = f"{subject}: the version was locked again in `{environment}`"
        yield codes.ALTERED.at(None, message, severity=Severity.WARNING, path=where)
        return
    help = f"run `mlopsctl lock --env {environment} --upgrade {key}` to read the version from the registry again"
    yield codes.ALTERED.at(None, f"{subject}, in `{environment}`", help=help, path=where)


def _differs(name: str, earlier: Entry, entry: Entry) -> bool:
    if name == "digest":
        return earlier.get(name) is not None and entry.get(name) != earlier[name]
    if name == "signature":
        return digest({name: earlier.get(name)}) != digest({name: entry.get(name)})
    return earlier.get(name) != entry.get(name)


def _earlier_entry(models: Mapping[tuple[str, str], Entry], environment: str, key: str, version: Entry) -> Entry | None:
    """Return the entry before the change: in this environment, else in one with a version of the same run."""
    own = [
        candidate
        for _, candidate in _versions(models.get((environment, key), {}))
        if _same_facts(candidate, version, "version")
    ]
    namesakes = (entry for (_, name), entry in models.items() if name == key)
    elsewhere = (
        candidate
        for entry in namesakes
        for _, candidate in _versions(entry)
        if _same_facts(candidate, version, "version", "run", "uri")
    )
    return next(iter(own), None) or next(elsewhere, None)


def _same_facts(a: Entry, b: Entry, *names: str) -> bool:
    return all(a.get(name) == b.get(name) for name in names)


def _versions(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Yield the served version and the candidate, each with its path in the entry."""
    if entry.get("version"):
        yield "", entry
    candidate = entry.get("candidate")
    if isinstance(candidate, Mapping):
        yield ".candidate", candidate


def _listed(names: list[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
