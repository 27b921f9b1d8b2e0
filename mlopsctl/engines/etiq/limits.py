"""Limits of Etiq. The library ignores unknown metrics silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Check, CheckStage
from mlopsctl.catalogue.types import is_categorical, is_numeric
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines.base import Limits
from mlopsctl.engines.etiq import codes, scans
from mlopsctl.engines.etiq.columns import inputs
from mlopsctl.engines.known import supports

_PAIR = 2


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Etiq that the system hits."""
    checks, engine = blueprint.checks, blueprint.engines.checks
    if checks is None:
        return ()
    diagnostics: list[Diagnostic] = []
    configured: set[str] = set()
    for stage in checks.stages:
        diagnostics += _stage(blueprint, stage, configured)
    if any(stage.checks for stage in checks.stages):
        diagnostics += _unseen(blueprint)
    if checks.live and checks.live.drift:
        answer = supports("checks", engine.name, engine.version, "drift")
        path = "spec.checks.live.drift"
        diagnostics.append(codes.ETIQ_DRIFT.at(None, answer.why, help=f"use {answer.instead}", path=path))
    return tuple(diagnostics)


def _unseen(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Report inputs that are neither numbers nor categories: Etiq's configuration cannot hold them."""
    model = blueprint.model
    for name, kind in inputs(blueprint, model).items() if model else ():
        if model and not is_numeric(kind) and not is_categorical(kind):
            message = f"no scan reads `{name}`: Etiq supports numbers and categories, not {kind}"
            help = "use gates, or another engine"
            path = f"spec.features.sets.{model.features}"
            yield codes.ETIQ_SCAN.at(None, message, help=help, path=path, severity=Severity.WARNING)


def _stage(blueprint: Blueprint, stage: CheckStage, configured: set[str]) -> Iterator[Diagnostic]:
    engine, path = blueprint.engines.checks, f"spec.checks.{stage.stage}"
    if stage.suite:
        answer = supports("checks", engine.name, engine.version, "suites")
        yield codes.ETIQ_SCAN.at(None, answer.why, help=f"use {answer.instead}", path=f"{path}.suite")
    for check in stage.checks:
        where = f"{path}.checks.{check.name}"
        if check.kind in configured:
            message = f"{check.kind} is defined twice, but a configuration has one section for it"
            yield codes.ETIQ_SCAN.at(None, message, help="merge the two", path=where)
        configured.add(check.kind)
        yield from _scan(blueprint, check, where)
    if stage.checks:
        message = f"no step runs the scans of `checks.{stage.stage}`: they are reported as not run"
        help = "run etiq/run.py of the tree where the library is installed, before you move the alias"
        yield codes.ETIQ_BY_HAND.at(None, message, help=help, path=path)


def _scan(blueprint: Blueprint, check: Check, path: str) -> Iterator[Diagnostic]:
    """Report what one scan does not support."""
    scan = scans.SCANS.get(check.kind)
    if check.conditions:
        message = "a scan has thresholds, but no conditions"
        help = "use params.thresholds"
        yield codes.ETIQ_SCAN.at(None, message, help=help, path=f"{path}.conditions")
    if scan is None:
        return
    task = blueprint.model.task if blueprint.model else scans.TASK
    if scan.stage == "model" and task != scans.TASK:
        message = f"{check.kind} supports only {scans.TASK}, not {task}"
        yield codes.ETIQ_SCAN.at(None, message, help="use gates, which support every task", path=path)
    yield from _thresholds(scan, check.params, f"{path}.params")
    yield from _features(blueprint, check.params, f"{path}.params.features")


def _features(blueprint: Blueprint, params: Any, path: str) -> Iterator[Diagnostic]:
    """Report listed features that the model does not have."""
    listed = params.get("features", ())
    input_names = list(inputs(blueprint, blueprint.model)) if blueprint.model else []
    for i, name in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if name not in input_names:
            help = did_you_mean(str(name), input_names) or f"its inputs: {', '.join(input_names)}"
            yield codes.ETIQ_SCAN.at(None, f"the model has no input `{name}`", help=help, path=f"{path}.{i}")


def _thresholds(scan: scans.Scan, params: Any, path: str) -> Iterator[Diagnostic]:
    """Report measures that the scan does not have or compute, and thresholds that are not a pair."""
    picks = scans.PICKS.get(scan.name, "")
    listed = params.get(picks, ())
    for i, measure in enumerate(listed if isinstance(listed, list | tuple) else ()):
        yield from _measure(scan, measure, f"{path}.{picks}.{i}")
    thresholds = params.get("thresholds")
    if thresholds == {}:
        message = f"{scan.name} has no threshold and reports nothing"
        yield codes.ETIQ_THRESHOLD.at(None, message, help=_one_of(scan), path=f"{path}.thresholds")
    for measure, pair in thresholds.items() if isinstance(thresholds, dict) else ():
        yield from _measure(scan, measure, f"{path}.thresholds.{measure}")
        if listed and measure not in listed and set(listed) <= set(scan.measures):
            message = f"`{measure}` has a threshold but is not measured"
            help = f"add it to {picks}, or remove {picks}"
            yield codes.ETIQ_THRESHOLD.at(None, message, help=help, path=f"{path}.thresholds.{measure}")
        numbers = isinstance(pair, list | tuple) and len(pair) == _PAIR
        if not numbers or not all(type(bound) in (int, float) for bound in pair) or pair[0] > pair[1]:
            message = f"the threshold of `{measure}` must be two numbers, the smaller first"
            help = "write [low, high], such as [0.0, 0.15]"
            yield codes.ETIQ_THRESHOLD.at(None, message, help=help, path=f"{path}.thresholds.{measure}")


def _measure(scan: scans.Scan, measure: Any, path: str) -> Iterator[Diagnostic]:
    if measure in scan.measures:
        return
    why = scans.UNSEEN.get(str(measure), "")
    message = f"{scan.name} has no measure `{measure}`" if not why else f"`{measure}` is not reliable: {why}"
    help = did_you_mean(str(measure), list(scan.measures)) or _one_of(scan)
    yield codes.ETIQ_THRESHOLD.at(None, message, help=help, path=path)


def _one_of(scan: scans.Scan) -> str:
    return f"its measures: {', '.join(scan.measures)}"


LIMITS: Final = Limits(system=limits)
