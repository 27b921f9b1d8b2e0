"""The contents of the report, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.runtime.local.outcome import Outcome, commit, worked
from mlopsctl.runtime.local.scheduler import NOT_REACHED
from mlopsctl.runtime.report import lineage, plots
from mlopsctl.secrets.values import concealed

_MOST_BARS = 25
_ORDER = ("failed", "not-run", "warned", "passed", "info")


def contents(
    blueprint: Blueprint,
    outcome: Outcome,
    profile: Mapping[str, Any],
    now: datetime,
    parameters: Mapping[str, str],
    seconds: float,
    log: list[str],
) -> dict[str, Any]:
    """Collect the contents of the page."""
    identity = blueprint.identity
    return {
        "system": identity.system,
        "environment": identity.environment,
        "description": identity.description,
        "verdict": _verdict(blueprint, outcome),
        "passed": outcome.failed is None,
        "log": concealed(log),
        "facts": concealed(_facts(blueprint, outcome, profile, now, parameters, seconds)),
        "gates": outcome.verdict.get("gates", []),
        "metrics": _metrics(outcome),
        "served": (outcome.metrics.get("served") or {}).get("version", ""),
        "pictures": _pictures(blueprint, outcome),
        "confusion": _confusion(outcome),
        "drift": _drift(blueprint, outcome),
        "monitor": concealed(outcome.monitor.get("checks", [])),
        "checks": concealed(_checks(outcome)),
        "columns": [{**column, "picture": _pair(column)} for column in profile.get("columns", [])],
        "steps": _steps(outcome),
        "lineage": plots.text(lineage.drawing(lineage.graph(blueprint, outcome.version))),
    }


def _verdict(blueprint: Blueprint, outcome: Outcome) -> str:
    failed = outcome.failed
    model = blueprint.model
    if failed:
        how = "rejected the model" if failed.state == "refused" else "failed"
        return (
            f"Step {failed.step.name} {how}; no version was registered"
            if not outcome.version
            else (f"Step {failed.step.name} {how}")
        )
    if outcome.version and model:
        return f"{model.registered_name} version {outcome.version} is registered as {model.alias}"
    return "The run is complete"


def _facts(
    blueprint: Blueprint,
    outcome: Outcome,
    profile: Mapping[str, Any],
    now: datetime,
    parameters: Mapping[str, str],
    seconds: float,
) -> list[tuple[str, str]]:
    model = blueprint.model
    rows = f"{profile['train']} training, {profile['holdout']} holdout" if profile else outcome.rows
    facts = [
        ("as of", now.isoformat(sep=" ", timespec="minutes")),
        ("task", f"{model.task}, {model.flavor}" if model else ""),
        ("label", f"{model.label.column} of {model.label.rows.name}" if model else ""),
        ("rows", rows),
        ("parameters", parameters.get("params", "")),
        ("trained by", (model.entrypoint or " ".join(model.command)) if model else ""),
        ("data set", outcome.dataset_hash[:16]),
        ("spec", parameters.get("spec-hash", "")),
        ("commit", commit(parameters)),
        ("run", outcome.run_id),
        ("owner", blueprint.identity.owner),
        ("took", f"{seconds:.0f} s" if worked(outcome) else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _metrics(outcome: Outcome) -> list[dict[str, Any]]:
    """Compare the model's metrics with those of the served version."""
    new = outcome.metrics.get("metrics", {})
    served = (outcome.metrics.get("served") or {}).get("metrics", {})
    gated = [gate["metric"] for gate in outcome.verdict.get("gates", [])]
    order = [*(name for name in gated if name in new), *(name for name in new if name not in gated)]
    return [{"name": name, "value": new[name], "served": served.get(name), "gated": name in gated} for name in order]


def _pictures(blueprint: Blueprint, outcome: Outcome) -> list[tuple[str, str]]:
    """Draw the plots from the points that `evaluate` wrote."""
    points = outcome.metrics.get("plots", {})
    plots_drawn: list[tuple[str, Element]] = []
    if points.get("roc"):
        names = ("false positive rate", "true positive rate")
        plots_drawn.append(("ROC", plots.curve("ROC curve", points["roc"], names, chance=True)))
    if points.get("precision_recall"):
        names = ("recall", "precision")
        plots_drawn.append(
            ("Precision and recall", plots.curve("precision over recall", points["precision_recall"], names))
        )
    if points.get("residuals"):
        label = blueprint.model.label.column if blueprint.model else "label"
        pairs = points["residuals"]
        plots_drawn.append(
            ("Actual and predicted", plots.scatter("actual over predicted", pairs, (f"predicted ({label})", "actual")))
        )
        plots_drawn.append(
            (
                "Residuals",
                plots.residuals("residuals over predicted", pairs, (f"predicted ({label})", "predicted - actual")),
            )
        )
    if points.get("importance"):
        first = sorted(points["importance"].items(), key=lambda item: (-item[1], item[0]))[:_MOST_BARS]
        plots_drawn.append(("Feature importance", plots.bars("permutation importance", dict(first))))
    return [(title, plots.text(picture)) for title, picture in plots_drawn]


def _confusion(outcome: Outcome) -> dict[str, Any]:
    confusion: dict[str, Any] = outcome.metrics.get("plots", {}).get("confusion", {})
    if not confusion:
        return {}
    rows = [
        {"name": name, "cells": [(count, round(count / max(sum(counts), 1), 3)) for count in counts]}
        for name, counts in zip(confusion["classes"], confusion["rows"], strict=True)
    ]
    return {"classes": confusion["classes"], "rows": rows}


def _drift(blueprint: Blueprint, outcome: Outcome) -> str:
    live = blueprint.checks.live if blueprint.checks else None
    if not live or not outcome.drift:
        return ""
    scores = dict(sorted(outcome.drift.items(), key=lambda item: (-item[1], item[0]))[:_MOST_BARS])
    return plots.text(plots.bars("drift scores and their bounds", scores, {c.name: float(c.max) for c in live.drift}))


def _checks(outcome: Outcome) -> list[dict[str, Any]]:
    """Sort each stage's checks, failed ones first."""
    stages = []
    for stage, report in outcome.checks.items():
        checks = sorted(report.get("checks", []), key=lambda check: _ORDER.index(check["state"]))
        counts = {state: report.get("counts", {}).get(state, 0) for state in _ORDER}
        stages.append({"stage": stage, "passed": report.get("passed", False), "counts": counts, "checks": checks})
    return stages


def _pair(column: Mapping[str, Any]) -> str:
    return plots.text(plots.pair(f"{column['name']}: training rows, holdout rows", *column["shares"]))


def _steps(outcome: Outcome) -> list[dict[str, Any]]:
    longest = max([step.record.seconds for step in outcome.steps if step.record] or [1.0])
    return [
        {
            "name": step.step.name,
            "state": step.state.replace(" ", "-"),
            "told": step.state,
            "description": step.step.description,
            "seconds": step.record.seconds if step.record and step.state != NOT_REACHED else None,
            "memory": step.record.peak / 2**20 if step.record else None,
            "share": step.record.seconds / longest * 100 if step.record else 0,
        }
        for step in outcome.steps
    ]
