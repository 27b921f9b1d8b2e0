"""The checks of engines that take them one by one: expectations and scans, by their own names and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.catalogue import etiq, great_expectations
from mlopsctl.diagnostics.codes import training as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import System
from mlopsctl.rules.checks import STAGES, parameters, unknown
from mlopsctl.rules.finding import Path, at


def _asked(system: System, engine: str) -> Iterator[tuple[str, str, Any, Path]]:
    """Yield each check that this engine is asked for: its stage, the engine's name of it, what is said, its place."""
    checks = system.spec.checks
    if checks is None or system.spec.model is None or system.engines.checks.engine != engine:
        return
    for stage in STAGES:
        part = getattr(checks, stage)
        for label, one in part.checks.items() if part else ():
            yield stage, (one and one.check) or label, one, ("spec", "checks", stage, "checks", label)


def expectations(system: System) -> Iterator[Diagnostic]:
    """Checks must be expectations of the library: it drops an unknown one without a word, and all else passes."""
    for stage, name, one, path in _asked(system, "great-expectations"):
        if stage != "data":
            continue  # the target refuses the whole stage
        types = great_expectations.expectation_types()
        known = types.get(name)
        if known is None:
            message = f"Great Expectations has no expectation `{name}` for a data frame"
            yield unknown(system, name, one, path, message, list(types))
        else:
            yield from parameters(system, name, one.params if one else {}, known.params, (*path, "params"))


def scans(system: System) -> Iterator[Diagnostic]:
    """Checks must be scans of the library, at a stage that has what they look at."""
    for stage, name, one, path in _asked(system, "etiq"):
        known = etiq.SCANS.get(name)
        if known is None:
            why = etiq.UNUSABLE.get(name)
            message = f"scan `{name}` cannot be asked for: {why}" if why else f"Etiq has no scan `{name}`"
            yield unknown(system, name, one, path, message, list(etiq.SCANS))
            continue
        if known.stage not in etiq.EARLIER[stage]:
            message = f"scan `{name}` needs what `checks.{stage}` does not have"
            yield at(system, codes.CHECK_STAGE, path, message, help=f"move it to `checks.{known.stage}`", key=True)
        yield from parameters(system, name, one.params if one else {}, known.params, (*path, "params"))


RULES = (expectations, scans)
