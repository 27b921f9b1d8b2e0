"""Suites, gates and live monitors."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import row, rows
from mlopsctl.plan.model import Effect

ROWS: Final = (
    row("checks/contract/*/description", "data.sources", Effect.METADATA, derived=True),
    *rows(
        "checks/contract",
        "(order) * */type|nullable|min|max|values",
        "data.sources",
        Effect.RE_EVALUATES,
        node="model",
        derived=True,
    ),
    row("checks/stages/(order)", "checks", Effect.METADATA, derived=True),
    *rows(
        "checks/stages/*",
        ". suite checks/(order) checks/* checks/*/check checks/*/params/*/** checks/*/conditions/*/**",
        "checks.{0}",
        Effect.RE_EVALUATES,
        node="checks",
    ),
    row("checks/gates/*/higher_is_better", "checks.gates.{0}", Effect.RE_EVALUATES, node="gate", derived=True),
    row("checks/gates/*/min|max|max_drop", "checks.gates.{0}.{1}", Effect.RE_EVALUATES, node="gate"),
    row("checks/gates/(order)", "checks.gates", Effect.METADATA),
    row("checks/gates/*", "checks.gates.{0}", Effect.RE_EVALUATES, node="gate"),
    row("checks/live/drift/*/method", "checks.live.drift", Effect.RE_EVALUATES, node="live"),
    row("checks/live/drift/*/max", "checks.live.drift", Effect.RE_EVALUATES, node="live"),
    *rows(
        "checks/live/drift",
        "(order) * */type|parameter|missing",
        "checks.live.drift",
        Effect.RE_EVALUATES,
        node="live",
        derived=True,
    ),
    row("checks/live/quality/delay", "checks.live.quality.delay", Effect.RE_EVALUATES, node="live", derived=True),
    row("checks/live/quality/higher_is_better", "checks.live.quality", Effect.RE_EVALUATES, node="live", derived=True),
    row("checks/live/quality/bound", "checks.live.quality.{quality}", Effect.RE_EVALUATES, node="live"),
    row("checks/live/quality/metric", "checks.live.quality.metric", Effect.RE_EVALUATES, node="live"),
    row("checks/live/every|window|quality", "checks.live.{0}", Effect.RE_EVALUATES, node="live"),
    row("checks/live", "checks.live", Effect.RE_EVALUATES, node="live"),
    row("checks", "checks", Effect.RE_EVALUATES, derived=True),
)
