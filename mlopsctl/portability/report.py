"""The effects of another engine at a stage on the current specs: losses, differences, and unchanged parts.

It combines the other engine's diagnostics, the capabilities that the specs use, and the series that alerts read.
Data, history and running objects are not part of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from mlopsctl.blueprint.model.alerts import Alert, BurnCondition
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.catalogue.capability import Capability
from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity, has_errors
from mlopsctl.engines.known import engine, supports
from mlopsctl.portability.model import Difference, Files, Loss, Ported, Reading, Swap
from mlopsctl.portability.used_capabilities import Use, uses

_NOTICE = "MLC517"
"""The notice of an unmaintained or proprietary engine: the swap itself contains it."""


class Side(Struct, frozen=True):
    """An environment with the findings about it, and its files by unit and path."""

    shared: Shared
    findings: tuple[Diagnostic, ...]
    files: Mapping[str, Mapping[str, str]]


def ported(
    before: Side, after: Side, swaps: tuple[Swap, ...], systems: Mapping[str, str], uncounted: tuple[str, ...] = ()
) -> Ported:
    """Compare an environment before and after the swap; `systems` maps each spec file to its system."""
    stages = {swap.stage for swap in swaps}
    losses = tuple(_losses(before, after, systems))
    differences, same = _differences(before.shared, after.shared, stages)
    refused = {(loss.system, loss.path) for loss in losses}
    readings, unchanged = _readings(before.shared, after.shared)
    return Ported(
        environment=before.shared.environment,
        swaps=swaps,
        losses=losses,
        relieved=tuple(_relieved(before, after, systems)),
        differences=tuple(difference for difference in differences if not _has_finding(difference, refused)),
        readings=readings,
        same=same,
        same_readings=unchanged,
        files=tuple(_files(before.files, after.files)),
        uncounted=uncounted,
    )


def lacking(stage: str, engine: str, settings: Iterable[str]) -> Iterator[Diagnostic]:
    """Report missing required settings of an engine."""
    for name in settings:
        message = f"{engine} requires `{name}` at stage {stage}, and it is not set"
        yield codes.SETTING_LACKING.at(None, message, path=f"spec.stack.{stage}.{name}")


# --- findings -----------------------------------------------------------------------------------------------------


def _losses(before: Side, after: Side, systems: Mapping[str, str]) -> Iterator[Loss]:
    """Yield the findings that only `after` has."""
    losses = {_loss(finding, systems) for finding in before.findings}
    for finding in after.findings:
        loss = _loss(finding, systems)
        if loss not in losses and loss.code != _NOTICE:
            yield loss


def _relieved(before: Side, after: Side, systems: Mapping[str, str]) -> Iterator[Loss]:
    """Yield the diagnostics that would disappear; with errors, notes are not compared."""
    quiet = has_errors(after.findings)
    return (loss for loss in _losses(after, before, systems) if not (quiet and loss.severity == Severity.NOTE.word))


def _loss(finding: Diagnostic, systems: Mapping[str, str]) -> Loss:
    file = finding.place.span.file if finding.place else ""
    system = systems.get(file, "")
    return Loss(system, finding.path, finding.severity.word, finding.code, finding.message, finding.help)


def _has_finding(difference: Difference, refused: set[tuple[str, str]]) -> bool:
    """Return whether every field that uses a lost capability has a finding already."""
    fields = [field.partition(": ")[::2] for field in difference.fields]
    return difference.kind == "lost" and all(
        any(system == system_ and (path.startswith(at) or at.startswith(path)) for system_, at in refused if at)
        for system, path in fields
    )


# --- capabilities -------------------------------------------------------------------------------------------------


def _differences(before: Shared, after: Shared, stages: set[str]) -> tuple[list[Difference], tuple[str, ...]]:
    """Return the capabilities that only one side has, and the names of those that both have."""
    fields: dict[tuple[str, str], list[str]] = {}
    for system in (*before.systems, *after.systems):
        for use in uses(system):
            if use.stage in stages:
                fields.setdefault((use.stage, use.ability), []).append(f"{system.identity.system}: {use.path}")
    differences, same = [], []
    for (stage, ability), where in fields.items():
        then, now = (_answer(side, Use(stage, ability, "")) for side in (before, after))
        if then and now:
            same.append(f"{stage}: {ability}")
        elif then is not None and now is not None and bool(then) != bool(now):
            kind: Literal["lost", "gained"] = "gained" if now else "lost"
            reason = then if now else now
            differences.append(
                Difference(stage, ability, kind, tuple(dict.fromkeys(where)), reason.why, reason.instead)
            )
    return differences, tuple(same)


def _answer(side: Shared, use: Use) -> Capability | None:
    """Look up a capability of the chosen engine; None if the engine does not declare it."""
    chosen: Engine | None = getattr(side.engines, use.stage)
    if chosen is None:
        return None
    try:
        return supports(use.stage, chosen.name, chosen.version, use.ability, str(chosen.settings.get("mode", "")))
    except KeyError:
        return None


# --- alerts -------------------------------------------------------------------------------------------------------


def _readings(before: Shared, after: Shared) -> tuple[tuple[Reading, ...], int]:
    """Return the alerts whose series would change, appear or disappear, and the number of unchanged ones."""
    then, now = _series(before.systems), _series(after.systems)
    readings = [
        Reading(*name, then.get(name, ()), now.get(name, ()))
        for name in dict.fromkeys((*then, *now))
        if then.get(name) != now.get(name)
    ]
    return tuple(readings), sum(then[name] == now.get(name) for name in then)


def _series(systems: Iterable[Blueprint]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (system.identity.system, alert.name): metrics
        for system in systems
        for alert in system.alerts
        if (metrics := tuple(_metrics(system, alert)))
    }


def _metrics(system: Blueprint, alert: Alert) -> list[str]:
    """List the metrics that a derived alert reads; the rules check the user's own expressions."""
    if isinstance(alert.condition, BurnCondition):
        slo = next(objective for objective in system.slos if objective.id == alert.condition.slo)
        read = (slo.bad, slo.good_bucket, slo.total)
        return list(dict.fromkeys(series.metric for series in read if series))
    series = getattr(alert.condition, "series", None)
    return [series.metric] if series else []


# --- engines and files --------------------------------------------------------------------------------------------


def swap(stage: str, before: Engine | None, after: Engine | None, settings_of: str) -> Swap:
    """Return the comparison of an engine with the one it replaces."""
    facts = engine(stage, after.name, after.version) if after else None
    notes = tuple(filter(None, (facts.licence_note, facts.notice))) if facts else ()
    return Swap(stage, _called(before), _called(after), facts.state if facts else "", notes, settings_of, (), ())


def _called(chosen: Engine | None) -> str:
    return f"{chosen.name} {chosen.version}".strip() if chosen else "none"


def _files(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> Iterator[Files]:
    """Count each target's files over all units."""
    then, now = _flat(before), _flat(after)
    counts: dict[str, Counter[str]] = {}
    for path in sorted({*then, *now}):
        target = path.split("/")[1]
        verdict = "come" if path not in then else "go" if path not in now else "stay"
        if verdict == "stay" and then[path] != now[path]:
            verdict = "change"
        counts.setdefault(target, Counter())[verdict] += 1
    for target, numbers in sorted(counts.items()):
        yield Files(target, numbers["come"], numbers["go"], numbers["change"], numbers["stay"])


def _flat(units: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{unit}/{path}": text for unit, files in units.items() for path, text in files.items()}
