"""Objectives, alerts, routes and scrape targets."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import SERIES, row, rows, within
from mlopsctl.plan.model import Effect

ROWS: Final = (
    row("slos/(order)", "alerts.slos", Effect.RULES),
    row("slos/*/endpoint", "alerts.slos.{0}.endpoint", Effect.RULES, node="slo"),
    row("slos/*/objective", "alerts.slos.{0}.objective", Effect.RULES, node="slo"),
    row("slos/*/window", "alerts.slos.{0}.window", Effect.RULES, node="slo"),
    row("slos/*/threshold", "alerts.slos.{0}.threshold", Effect.RULES, node="slo"),
    *rows(
        "slos/*",
        "id|kind|budget|windows|of_candidate burns/(order) burns/* burns/*/long|short|factor|threshold"
        f" bad|good_bucket bad|good_bucket/metric|matchers {within('total', SERIES)}",
        "alerts.slos.{0}",
        Effect.RULES,
        derived=True,
    ),
    row("slos/*", "alerts.slos.{0}", Effect.RULES, node="slo"),
    row("alerts/*/severity", "{source}", Effect.RULES),
    row("alerts/*/condition/expression", "{source}", Effect.RULES),
    row("alerts/*/labels/*", "metadata.labels", Effect.METADATA, derived=True),
    *rows(
        "alerts",
        "(order) * */group|hold|summary|description|source"
        " */condition/kind|slo|threshold|operator|bound|by|window|gauge|series|missing|alive"
        " */condition/series|missing|alive/metric|matchers",
        "{source}",
        Effect.RULES,
        derived=True,
    ),
    row("routes/(order)", "alerts.routes", Effect.METADATA, derived=True),
    row("routes/*", "alerts.routes.{0}", Effect.RULES),
    row("routes/*/kind|name", "alerts.routes.{0}", Effect.RULES),
    *rows(
        "monitors",
        "(order) * */kind|namespace|port|path|scheme|self_signed|honor_labels|reads */selector/*",
        "workspace:stack.monitoring",
        Effect.RULES,
        derived=True,
    ),
)
