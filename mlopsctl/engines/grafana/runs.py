"""Runs of the pipelines: which succeeded and which failed."""

from __future__ import annotations

from typing import Literal

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.emit.promql import Aggregate
from mlopsctl.engines.grafana.conventions import BAD, GOOD
from mlopsctl.engines.grafana.layout import Section
from mlopsctl.engines.grafana.panels import Line, Panel, Scale, graph
from mlopsctl.engines.grafana.queries import select
from mlopsctl.engines.signals import run_series

_WIDTH, _HEIGHT = 6, 6
_COLOURS = {"succeeded": GOOD, "failed": BAD}
_OUTCOMES: tuple[Literal["succeeded", "failed"], ...] = ("succeeded", "failed")


def section(blueprint: Blueprint) -> Section:
    """Return a panel for each pipeline."""
    return Section(
        "Pipeline runs", tuple([panel for pipeline in blueprint.pipelines if (panel := _panel(blueprint, pipeline))])
    )


def _panel(blueprint: Blueprint, pipeline: Pipeline) -> Panel | None:
    """Return how many runs have ended how.

    The counts themselves are drawn, not their growth: a run is so rare that its first increment shows in no rate.
    """
    lines = []
    engine, identity = blueprint.engines.pipelines.name, blueprint.identity
    for outcome in _OUTCOMES:
        owner = (identity.system, identity.environment)
        series = run_series(engine, pipeline.name, outcome, blueprint.place.namespace, owner)
        if series:
            counted = select(Series(series.metric, series.matchers))
            lines.append(Line(Aggregate("sum", counted), outcome))
    if not lines:
        return None
    describe = f"Each step up is a run of {pipeline.name} that ended; a fall is the engine that counts anew."
    scale = Scale("none", decimals=0, low=0)
    panel = graph(pipeline.name, lines, scale, _WIDTH, _HEIGHT, describe=describe, colours=_COLOURS, stairs=True)
    return panel.about_pieces(Part(pipeline, "name"))
