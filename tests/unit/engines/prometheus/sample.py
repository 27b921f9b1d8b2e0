"""A Blueprint with one of everything this target renders, and short ways to vary it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml
from blueprints import card_fraud
from msgspec.structs import replace

from mlopsctl.blueprint.model.alerts import Alert, BurnCondition, Condition, ExpressionCondition, Route
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.objectives import Burn, Slo
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.prometheus import target

PLAIN = Engine("prometheus", "3", {})
REQUESTS = Series("requests_total", (("app", "=", "scorer"),))
FAILURES = Series("requests_total", (("app", "=", "scorer"), ("code", "=~", "5..|Internal")))
BUCKETS = Series("latency_seconds_bucket", (("app", "=", "scorer"),))
COUNT = Series("latency_seconds_count", (("app", "=", "scorer"),))
LABELS = {"severity": "page", "system": "card-fraud", "environment": "prod", "namespace": "ml-prod"}


def burns(budget: str) -> tuple[Burn, ...]:
    """Return the two pages of a month."""
    quick, slow = Decimal("14.4"), Decimal("6")
    return (
        Burn("page", "1h", "5m", quick, quick * Decimal(budget)),
        Burn("page", "6h", "30m", slow, slow * Decimal(budget)),
    )


def availability(objective: str = "0.999", **changes: Any) -> Slo:
    """Return an objective of availability."""
    budget = str(1 - Decimal(objective))
    slo = Slo(
        id="scorer-availability",
        name="availability",
        kind="availability",
        endpoint="scorer",
        objective=Decimal(objective),
        budget=Decimal(budget),
        window=30 * 86_400,
        threshold=None,
        bad=FAILURES,
        good_bucket=None,
        total=REQUESTS,
        windows=("5m", "30m", "1h", "6h"),
        burns=burns(budget),
    )
    return replace(slo, **changes)


def latency(threshold: str, **changes: Any) -> Slo:
    """Return an objective of latency."""
    slo = availability(
        "0.99", id="scorer-latency", name="latency", kind="latency", bad=None, good_bucket=BUCKETS, total=COUNT
    )
    return replace(slo, threshold=Decimal(threshold), **changes)


def alert(condition: Condition, name: str = "Sample", *, hold: int = 300, **changes: Any) -> Alert:
    """Return a page on a condition."""
    base = Alert(
        name, "own", "page", condition, hold, "something is wrong", "Look at it.", LABELS, "spec.alerts.rules.Sample"
    )
    return replace(base, **changes)


def burning(slo: Slo) -> Alert:
    """Return the page on an objective."""
    labels = {**LABELS, "slo_id": slo.id}
    return alert(BurnCondition(slo.id), "SampleBurn", hold=0, group="slo", labels=labels)


def own(expression: str, **changes: Any) -> Alert:
    """Return a rule of the user's own."""
    return alert(ExpressionCondition(expression), **changes)


def system(*alerts: Alert, slos: tuple[Slo, ...] = (), **changes: Any) -> Blueprint:
    """Return the example's system with other objectives and alerts."""
    return replace(card_fraud(), slos=slos, alerts=alerts, **changes)


def objective(slo: Slo) -> Blueprint:
    """Return a system with one objective and its page."""
    return system(burning(slo), slos=(slo,))


def plain(blueprint: Blueprint, *routes: Route) -> Blueprint:
    """Return the system on a Prometheus without the operator."""
    engines = replace(blueprint.engines, monitoring=PLAIN)
    return replace(blueprint, engines=engines, routes=routes or blueprint.routes)


def files(blueprint: Blueprint) -> dict[str, str]:
    """Render a system."""
    return {str(file.path): file.content for file in target.render(blueprint)}


def documents(blueprint: Blueprint, path: str) -> list[Any]:
    """Render a system and read one file."""
    return list(yaml.safe_load_all(files(blueprint)[path]))


def rules(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Render a system and list every rule, in order."""
    groups = documents(blueprint, "rules/rules.yaml")[0]["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expression(alert: Alert) -> str:
    """Return the expression of an alert's rule."""
    (expression,) = [rule["expr"] for rule in rules(system(alert)) if "alert" in rule]
    return str(expression)


def recorded(alert: Alert) -> str:
    """Return the expression of the recording that an alert reads."""
    (expression,) = [rule["expr"] for rule in rules(system(alert)) if "record" in rule]
    return str(expression)


def unit_tests(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Render a system and list its unit tests."""
    rendered = files(blueprint)
    names = [name for name in rendered if name.endswith(".test.yaml")]
    return [test for name in names for test in yaml.safe_load(rendered[name])["tests"]]
