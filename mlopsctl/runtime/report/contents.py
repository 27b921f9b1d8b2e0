"""What the report says, section by section.

In: a Blueprint, a run's outcome, a profile of the data. Out: plain values and finished pictures for the page. Never
HTML of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from mlopsctl.blueprint.model import Blueprint
from mlopsctl.runtime.local.outcome import Outcome, worked
from mlopsctl.runtime.local.walk import NOT_REACHED
from mlopsctl.runtime.report import lineage, plots

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
    """Gather everything the page shows."""
    identity = blueprint.identity
    return {
        "system": identity.system,
        "environment": identity.environment,
        "description": identity.description,
        "verdict": _verdict(blueprint, outcome),
        "passed": outcome.failed is None,
        "log": log,
        "facts": _facts(blueprint, outcome, profile, now, parameters, seconds),
        "gates": outcome.verdict.get("gates", []),
        "metrics": _metrics(outcome),
        "served": (outcome.metrics.get("served") or {}).get("version", ""),
        "pictures": _pictures(blueprint, outcome),
        "confusion": _confusion(outcome),
        "drift": _drift(blueprint, outcome),
        "monitor": outcome.monitor.get("checks", []),
        "checks": _checks(outcome),
        "columns": [{**one, "picture": _pair(one)} for one in profile.get("columns", [])],
        "steps": _steps(outcome),
        "lineage": plots.text(lineage.drawing(lineage.graph(blueprint, outcome.version))),
    }


def _verdict(blueprint: Blueprint, outcome: Outcome) -> str:
    failed = outcome.failed
    model = blueprint.model
    if failed:
        how = "said no" if failed.state == "refused" else "broke"
        return (
            f"Step {failed.step.name} {how}, and nothing was registered"
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
    rows = f"{profile['train']} to learn from, {profile['holdout']} kept back" if profile else outcome.rows
    found = [
        ("as of", now.isoformat(sep=" ", timespec="minutes")),
        ("task", f"{model.task}, {model.flavor}" if model else ""),
        ("label", f"{model.label.column} of {model.label.rows.name}" if model else ""),
        ("rows", rows),
        ("parameters", parameters.get("params", "")),
        ("trained by", (model.entrypoint or " ".join(model.command)) if model else ""),
        ("data set", outcome.dataset_hash[:16]),
        ("spec", parameters.get("spec-hash", "")),
        ("commit", parameters.get("git-commit", "")[:12]),
        ("run", outcome.run_id),
        ("owner", blueprint.identity.owner),
        ("took", f"{seconds:.0f} s" if worked(outcome) else ""),
    ]
    return [(name, value) for name, value in found if value]


def _metrics(outcome: Outcome) -> list[dict[str, Any]]:
    """Set the model's metrics beside those of the model that was served."""
    new = outcome.metrics.get("metrics", {})
    served = (outcome.metrics.get("served") or {}).get("metrics", {})
    gated = [one["metric"] for one in outcome.verdict.get("gates", [])]
    order = [*(name for name in gated if name in new), *(name for name in new if name not in gated)]
    return [{"name": name, "value": new[name], "served": served.get(name), "gated": name in gated} for name in order]


def _pictures(blueprint: Blueprint, outcome: Outcome) -> list[tuple[str, str]]:
    """Draw the plots that `evaluate` left the points of."""
    points = outcome.metrics.get("plots", {})
    found: list[tuple[str, Element]] = []
    if points.get("roc"):
        names = ("false positive rate", "true positive rate")
        found.append(("ROC", plots.curve("ROC curve", points["roc"], names, chance=True)))
    if points.get("precision_recall"):
        names = ("recall", "precision")
        found.append(("Precision and recall", plots.curve("precision over recall", points["precision_recall"], names)))
    if points.get("residuals"):
        label = blueprint.model.label.column if blueprint.model else "label"
        pairs = points["residuals"]
        found.append(("Answers and truth", plots.scatter("truth over answer", pairs, (f"answer ({label})", "truth"))))
        found.append(
            ("Residuals", plots.residuals("residuals over answer", pairs, (f"answer ({label})", "answer - truth")))
        )
    if points.get("importance"):
        first = sorted(points["importance"].items(), key=lambda one: (-one[1], one[0]))[:_MOST_BARS]
        found.append(("What the model relies on", plots.bars("importance by permutation", dict(first))))
    return [(title, plots.text(picture)) for title, picture in found]


def _confusion(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = outcome.metrics.get("plots", {}).get("confusion", {})
    if not found:
        return {}
    rows = [
        {"name": name, "cells": [(count, round(count / max(sum(counts), 1), 3)) for count in counts]}
        for name, counts in zip(found["classes"], found["rows"], strict=True)
    ]
    return {"classes": found["classes"], "rows": rows}


def _drift(blueprint: Blueprint, outcome: Outcome) -> str:
    live = blueprint.checks.live if blueprint.checks else None
    if not live or not outcome.drift:
        return ""
    scores = dict(sorted(outcome.drift.items(), key=lambda one: (-one[1], one[0]))[:_MOST_BARS])
    return plots.text(plots.bars("drift scores and their bounds", scores, {c.name: float(c.max) for c in live.drift}))


def _checks(outcome: Outcome) -> list[dict[str, Any]]:
    """Sort each stage's checks: what failed comes first."""
    found = []
    for stage, report in outcome.checks.items():
        checks = sorted(report.get("checks", []), key=lambda one: _ORDER.index(one["state"]))
        counts = {state: report.get("counts", {}).get(state, 0) for state in _ORDER}
        found.append({"stage": stage, "passed": report.get("passed", False), "counts": counts, "checks": checks})
    return found


def _pair(column: Mapping[str, Any]) -> str:
    return plots.text(plots.pair(f"{column['name']}: rows to learn from, rows kept back", *column["shares"]))


def _steps(outcome: Outcome) -> list[dict[str, Any]]:
    longest = max([one.record.seconds for one in outcome.steps if one.record] or [1.0])
    return [
        {
            "name": one.step.name,
            "state": one.state.replace(" ", "-"),
            "told": one.state,
            "description": one.step.description,
            "seconds": one.record.seconds if one.record and one.state != NOT_REACHED else None,
            "memory": one.record.peak / 2**20 if one.record else None,
            "share": one.record.seconds / longest * 100 if one.record else 0,
        }
        for one in outcome.steps
    ]
