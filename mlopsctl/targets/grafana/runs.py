"""Runs of the pipelines: which succeeded and which failed.

In: a Blueprint. Out: a section, a small panel for each pipeline whose runs the engine counts.
"""

from __future__ import annotations

from typing import Literal

from mlopsctl.blueprint.model import Blueprint, Part, Pipeline, Series
from mlopsctl.catalogue.signals import run_series
from mlopsctl.emit.promql import Aggregate
from mlopsctl.targets.grafana.conventions import BAD, GOOD
from mlopsctl.targets.grafana.layout import Section
from mlopsctl.targets.grafana.panels import Line, Panel, Scale, graph
from mlopsctl.targets.grafana.queries import select

_WIDTH, _HEIGHT = 6, 6
_COLOURS = {"succeeded": GOOD, "failed": BAD}
_OUTCOMES: tuple[Literal["succeeded", "failed"], ...] = ("succeeded", "failed")


def section(blueprint: Blueprint) -> Section:
    """Return a panel for each pipeline."""
    return Section(
        "Pipeline runs", tuple([one for pipeline in blueprint.pipelines if (one := _panel(blueprint, pipeline))])
    )


def _panel(blueprint: Blueprint, pipeline: Pipeline) -> Panel | None:
    """Return how many runs have ended how.

    The counts themselves are drawn, not their growth: a run is so rare that its first increment shows in no rate.
    """
    lines = []
    engine, who = blueprint.engines.pipelines.name, blueprint.identity
    for outcome in _OUTCOMES:
        owner = (who.system, who.environment)
        found = run_series(engine, pipeline.name, outcome, blueprint.place.namespace, owner)
        if found:
            counted = select(Series(found.metric, found.matchers))
            lines.append(Line(Aggregate("sum", counted), outcome))
    if not lines:
        return None
    describe = f"Each step up is a run of {pipeline.name} that ended; a fall is the engine that counts anew."
    scale = Scale("none", decimals=0, low=0)
    panel = graph(pipeline.name, lines, scale, _WIDTH, _HEIGHT, describe=describe, colours=_COLOURS, stairs=True)
    return panel.of(Part(pipeline, "name"))
