"""A dashboard shows what its system has, by the thresholds its alerts have."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import yaml
from blueprints import blueprints, card_fraud
from msgspec.structs import replace
from served import ROLLOUTS, engine, serving

from mlopsctl.blueprint.model.alerts import AgeCondition, BoundCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.metrics import Series
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines.grafana.dashboard import dashboard, sections, uid
from mlopsctl.engines.grafana.target import limits, render

Panel = dict[str, Any]


def panels(blueprint: Blueprint) -> dict[str, Panel]:
    """Return the panels by the title of their row and their own."""
    panels_by_title, row = {}, ""
    document = dashboard(blueprint)
    for panel in document["panels"] if document else ():
        if panel["type"] == "row":
            row = panel["title"]
        else:
            assert f"{row}/{panel['title']}" not in panels_by_title
            panels_by_title[f"{row}/{panel['title']}"] = panel
    return panels_by_title


def steps(panel: Panel) -> list[tuple[Any, str]]:
    return [(step["value"], step["color"]) for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]


def expressions(panel: Panel) -> list[str]:
    return [target["expr"] for target in panel["targets"]]


def rows(blueprint: Blueprint) -> list[str]:
    return list(dict.fromkeys(name.partition("/")[0] for name in panels(blueprint)))


def test_rows_go_from_what_is_wrong_now_to_what_may_go_wrong_later() -> None:
    assert rows(card_fraud()) == [
        "Alerts",
        "Objectives",
        "Endpoint fraud-scorer",
        "Drift of live inputs",
        "Quality on labelled rows",
        "Freshness of features",
        "Pipeline runs",
    ]


def test_a_system_that_serves_nothing_has_no_panel_on_serving() -> None:
    assert rows(blueprints("payments", "prod")["merchants"]) == ["Alerts", "Freshness of features", "Pipeline runs"]


def test_a_system_of_which_nothing_can_be_seen_has_no_dashboard() -> None:
    bare = replace(card_fraud(), alerts=(), slos=(), endpoints=(), pipelines=())
    assert dashboard(bare) is None
    assert len(render(bare)) == 0


def test_the_lines_of_an_objective_are_the_paces_that_alert() -> None:
    slo = card_fraud().slos[0]
    pages = min(burn.factor for burn in slo.burns if burn.severity == "page")
    tickets = min(burn.factor for burn in slo.burns if burn.severity == "ticket")
    for title in ("burn rate", "burn rate now"):
        panel = panels(card_fraud())[f"Objectives/availability: {title}"]
        assert steps(panel) == [(None, "green"), (tickets, "orange"), (pages, "red")]


def test_the_objective_is_shown_with_every_digit() -> None:
    by_title = panels(card_fraud())
    objective = by_title["Objectives/availability: objective"]
    assert objective["fieldConfig"]["defaults"]["decimals"] == 1
    assert "99.9% of the requests to card-fraud-fraud-scorer succeed, over 30d." in objective["description"]
    assert by_title["Objectives/latency: objective"]["fieldConfig"]["defaults"]["decimals"] == 0


def test_an_error_budget_below_zero_is_red() -> None:
    assert steps(panels(card_fraud())["Objectives/availability: budget left"]) == [(None, "red"), (0, "green")]


def test_errors_and_latency_show_what_is_promised() -> None:
    by_title = panels(card_fraud())
    assert steps(by_title["Endpoint fraud-scorer/Errors"])[1] == (Decimal("0.001"), "red")
    assert steps(by_title["Endpoint fraud-scorer/Latency"])[1] == (Decimal("0.1"), "red")


def test_the_quantile_that_is_promised_is_drawn() -> None:
    blueprint = card_fraud()
    slos = tuple(replace(slo, objective=Decimal("0.995")) if slo.kind == "latency" else slo for slo in blueprint.slos)
    legends = [
        target["legendFormat"]
        for target in panels(replace(blueprint, slos=slos))["Endpoint fraud-scorer/Latency"]["targets"]
    ]
    assert legends == ["p50", "p95", "p99", "p99.5"]


def test_without_an_objective_there_is_no_line() -> None:
    by_title = panels(replace(card_fraud(), slos=()))
    for title in ("Errors", "Latency"):
        panel = by_title[f"Endpoint fraud-scorer/{title}"]
        assert steps(panel) == [(None, "green")]
        assert panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"] == {"mode": "off"}


def test_while_a_candidate_comes_in_both_halves_are_drawn() -> None:
    endpoint = card_fraud().endpoints[0]
    assert endpoint.candidate
    panel = panels(card_fraud())["Endpoint fraud-scorer/Requests"]
    assert panel["targets"][0]["legendFormat"] == "{{pipeline}}"
    assert "sum by (pipeline)" in expressions(panel)[0]


@pytest.mark.parametrize(("strategy", "legend"), [("canary", "{{predictor_name}}"), ("shadow", "requests")])
def test_the_halves_of_one_object_are_told_apart_by_its_parts(strategy: str, legend: str) -> None:
    series = Series("seldon_api_executor_server_requests_seconds_count", (("deployment_name", "=", "scorer"),))
    served = serving(
        engine("seldon", "1"), kind="deployment", requests=series, errors=series, rollout=ROLLOUTS[strategy]
    )
    for title in ("Requests", "Errors"):
        legends = {target["legendFormat"] for target in panels(served)[f"Endpoint fraud-scorer/{title}"]["targets"]}
        assert legends <= {legend, "failed"}
        assert (strategy == "canary") == (
            "by (predictor_name)" in expressions(panels(served)["Endpoint fraud-scorer/Requests"])[0]
        )


def test_a_signal_that_the_engine_does_not_export_has_no_panel() -> None:
    blueprint = card_fraud()
    blind = replace(blueprint.endpoints[0], errors=None, latency=None)
    by_title = panels(replace(blueprint, endpoints=(blind,), slos=()))
    assert [name for name in by_title if name.startswith("Endpoint")] == ["Endpoint fraud-scorer/Requests"]


def test_every_watched_column_has_a_panel_with_its_own_bound() -> None:
    blueprint = card_fraud()
    assert blueprint.checks
    assert blueprint.checks.live
    for column in blueprint.checks.live.drift:
        panel = panels(blueprint)[f"Drift of live inputs/{column.name}"]
        assert steps(panel)[1] == (column.max, "red")
        (expression,) = expressions(panel)
        assert f'column="{column.name}"' in expression
        assert f'method="{column.method}"' in expression


def test_one_panel_draws_the_missing_values_of_all_watched_columns() -> None:
    blueprint = card_fraud()
    assert blueprint.checks
    assert blueprint.checks.live
    (expression,) = expressions(panels(blueprint)["Drift of live inputs/Missing values"])
    names = "|".join([column.name for column in blueprint.checks.live.drift])
    assert expression.startswith("max by (column) (")
    assert "mlops_missing_share{" in expression
    assert f'column=~"{names}"' in expression


@pytest.mark.parametrize(("higher", "expected"), [(True, ["red", "green"]), (False, ["green", "red"])])
def test_quality_is_bad_on_the_side_that_alerts(higher: bool, expected: list[str]) -> None:
    blueprint = card_fraud()
    assert blueprint.checks
    assert blueprint.checks.live
    assert blueprint.checks.live.quality
    quality = replace(blueprint.checks.live.quality, higher_is_better=higher)
    checks = replace(blueprint.checks, live=replace(blueprint.checks.live, quality=quality))
    panel = panels(replace(blueprint, checks=checks))["Quality on labelled rows/average_precision"]
    assert [colour for _, colour in steps(panel)] == expected
    assert expressions(panel)[0].startswith("min(" if higher else "max(")


def test_a_view_is_late_when_its_alert_says_so() -> None:
    blueprint = card_fraud()
    (alert,) = [alert for alert in blueprint.alerts if alert.group == "freshness"]
    assert isinstance(alert.condition, AgeCondition)
    panel = panels(blueprint)["Freshness of features/card_activity"]
    assert steps(panel)[1] == (alert.condition.threshold, "red")
    assert panel["fieldConfig"]["defaults"]["unit"] == "s"


def test_without_an_alert_a_view_is_late_when_its_rows_are_not_valid_any_more() -> None:
    blueprint = replace(card_fraud(), alerts=())
    assert blueprint.features
    assert steps(panels(blueprint)["Freshness of features/card_activity"])[1] == (
        blueprint.features.views[0].ttl,
        "red",
    )


def test_thresholds_are_those_of_the_alerts() -> None:
    bounds = [alert.condition.bound for alert in card_fraud().alerts if isinstance(alert.condition, BoundCondition)]
    drawn = [value for name, panel in panels(card_fraud()).items() for value, _ in steps(panel) if name[:1] in "DQ"]
    assert bounds
    assert set(bounds) <= set(drawn)


def test_numbers_that_nobody_exports_have_no_panel() -> None:
    blueprint = blueprints("payments", "dev")["card-fraud"]
    quiet = replace(blueprint, engines=replace(blueprint.engines, monitoring=Engine("prometheus", "3", {})))
    monitoring = Engine("prometheus", "3", {"pushgateway": "http://push:9091"})
    heard = replace(blueprint, engines=replace(blueprint.engines, monitoring=monitoring))
    reported = {"Drift of live inputs", "Quality on labelled rows", "Freshness of features"}
    assert quiet.engines.pipelines.name == "kfp"
    assert not reported & set(rows(quiet))
    assert reported <= set(rows(heard))


def test_every_pipeline_shows_what_became_of_its_runs() -> None:
    blueprint = card_fraud()
    by_title = panels(blueprint)
    for pipeline in blueprint.pipelines:
        panel = by_title[f"Pipeline runs/{pipeline.name}"]
        assert [target["legendFormat"] for target in panel["targets"]] == ["succeeded", "failed"]
        assert all(pipeline.name in expression for expression in expressions(panel))


def test_only_severities_in_use_are_counted() -> None:
    blueprint = card_fraud()
    tickets = tuple(alert for alert in blueprint.alerts if alert.severity == "ticket")
    names = [name for name in panels(replace(blueprint, alerts=tickets)) if name.startswith("Alerts/")]
    assert names == ["Alerts/Tickets firing", "Alerts/Alerts over time"]


def test_only_the_systems_own_alerts_are_shown() -> None:
    for name, panel in panels(card_fraud()).items():
        if name.startswith("Alerts/"):
            assert 'system="card-fraud",environment="prod"' in expressions(panel)[0]


def test_the_runbook_is_one_click_away_and_no_variable_of_grafana() -> None:
    blueprint = card_fraud()
    linked = replace(blueprint, identity=replace(blueprint.identity, runbook="https://runbooks.example/$datasource"))
    document = dashboard(linked)
    assert document
    assert [link["url"] for link in document["links"]] == ["https://runbooks.example/%24datasource"]
    unknown = dashboard(replace(blueprint, identity=replace(blueprint.identity, runbook=None)))
    assert unknown
    assert unknown["links"] == []


def test_the_uid_never_changes_fits_and_is_nobody_elses() -> None:
    assert uid("card-fraud", "prod") == "card-fraud_prod"
    assert uid("a-b", "c") != uid("a", "b-c")
    long = uid("a" * 52, "production")
    assert long == uid("a" * 52, "production")
    assert len(long) == 40
    assert long != uid("a" * 52, "staging")


def test_the_operator_reads_the_very_text_of_the_file() -> None:
    files = {str(file.path): file.content for file in render(card_fraud())}
    text = files["dashboards/card-fraud_prod.json"]
    config, reference = yaml.safe_load_all(files["manifests/dashboard.yaml"])
    assert config["data"] == {"card-fraud_prod.json": text}
    assert reference["spec"]["configMapRef"] == {"name": config["metadata"]["name"], "key": "card-fraud_prod.json"}
    assert reference["spec"]["uid"] == json.loads(text)["uid"]
    assert reference["spec"]["folder"] == "mlops"
    assert reference["spec"]["instanceSelector"] == {"matchLabels": {"dashboards": "grafana"}}


def many(count: int) -> Blueprint:
    """Return a system that watches so many columns."""
    blueprint = card_fraud()
    assert blueprint.checks
    assert blueprint.checks.live
    (column, *_) = blueprint.checks.live.drift
    columns = tuple(replace(column, name=f"{'c' * 50}_{i}") for i in range(count))
    monitor = next(pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "monitor")
    (watch, *rest) = monitor.steps
    gauge = next(gauge for gauge in watch.gauges if ("column", column.name) in gauge.labels)
    gauges = tuple(
        replace(gauge, labels=tuple((k, c.name if k == "column" else v) for k, v in gauge.labels)) for c in columns
    )
    changed = replace(monitor, steps=(replace(watch, gauges=gauges), *rest))
    checks = replace(blueprint.checks, live=replace(blueprint.checks.live, drift=columns))
    pipelines = tuple(changed if pipeline is monitor else pipeline for pipeline in blueprint.pipelines)
    return replace(blueprint, checks=checks, pipelines=pipelines)


def test_the_largest_dashboard_that_is_allowed_fits_a_config_map() -> None:
    largest = many(299)
    assert limits(largest) == ()
    assert sum(len(section.panels) for section in sections(largest)) > 299
    assert all(len(file.content.encode()) < 1_048_576 for file in render(largest))


def test_a_dashboard_that_would_not_fit_is_refused() -> None:
    (diagnostic,) = limits(many(300))
    assert (diagnostic.code, diagnostic.path) == ("MLC860", "spec.checks.live.drift")
