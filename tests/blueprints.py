"""Blueprints of the examples, for tests of what is made from one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import has_errors
from mlopsctl.project.discovery import load
from mlopsctl.resolve.landscape import resolve

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@cache
def blueprints(example: str, environment: str) -> dict[str, Blueprint]:
    """Return the Blueprint of every system of an example in one environment, by the system's name."""
    landscapes, diagnostics = resolve(load(str(EXAMPLES / example)).documents)
    assert not has_errors(diagnostics), diagnostics
    landscape = next(landscape for landscape in landscapes if landscape.environment.name == environment)
    return {name: build.blueprint(system)[0] for name, system in landscape.systems.items()}


def card_fraud() -> Blueprint:
    """Return the richest Blueprint of the examples: schedules, gauges, a canary, training on drift."""
    return blueprints("payments", "prod")["card-fraud"]
