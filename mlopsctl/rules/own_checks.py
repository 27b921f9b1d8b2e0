"""Checks of Great Expectations and Etiq: expectations and scans by their own names and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.etiq import scans as etiq
from mlopsctl.engines.great_expectations import expectations as great_expectations
from mlopsctl.resolve.model import System
from mlopsctl.rules.checks import STAGES, parameters, unknown
from mlopsctl.rules.finding import Path, at


def _checks_of(system: System, engine: str) -> Iterator[tuple[str, str, Any, Path]]:
    """Yield each check of this engine as (stage, name in the library, declaration, path)."""
    checks = system.spec.checks
    if checks is None or system.spec.model is None or system.engines.checks.engine != engine:
        return
    for stage in STAGES:
        part = getattr(checks, stage)
        for label, check_spec in part.checks.items() if part else ():
            yield (
                stage,
                (check_spec and check_spec.check) or label,
                check_spec,
                ("spec", "checks", stage, "checks", label),
            )


def expectations(system: System) -> Iterator[Diagnostic]:
    """Require known expectations: Great Expectations ignores unknown names silently, and the check would pass."""
    for stage, name, check_spec, path in _checks_of(system, "great-expectations"):
        if stage != "data":
            continue  # the engine rejects the whole stage
        types = great_expectations.expectation_types()
        expectation_type = types.get(name)
        if expectation_type is None:
            message = f"Great Expectations has no expectation `{name}` for a data frame"
            yield unknown(system, name, check_spec, path, message, list(types))
        else:
            yield from parameters(
                system, name, check_spec.params if check_spec else {}, expectation_type.params, (*path, "params")
            )


def scans(system: System) -> Iterator[Diagnostic]:
    """Require scans that the library has, at a stage with the inputs they need."""
    for stage, name, check_spec, path in _checks_of(system, "etiq"):
        scan = etiq.SCANS.get(name)
        if scan is None:
            why = etiq.UNUSABLE.get(name)
            message = f"scan `{name}` is not supported: {why}" if why else f"Etiq has no scan `{name}`"
            yield unknown(system, name, check_spec, path, message, list(etiq.SCANS))
            continue
        if scan.stage not in etiq.EARLIER[stage]:
            message = f"scan `{name}` needs inputs that `checks.{stage}` does not have"
            yield at(system, codes.CHECK_STAGE, path, message, help=f"move it to `checks.{scan.stage}`", key=True)
        yield from parameters(system, name, check_spec.params if check_spec else {}, scan.params, (*path, "params"))


RULES = (expectations, scans)
