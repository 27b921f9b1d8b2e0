"""Etiq: the scans of a system as one configuration, and a module that runs them.

No step runs them: the library is proprietary and does not bear the steps' own, so it is run where its user has it.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import Check
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.training import Model
from mlopsctl.catalogue.types import is_categorical, is_numeric
from mlopsctl.emit import json as json_text
from mlopsctl.emit import python
from mlopsctl.emit.python_tree import (
    Assign,
    Attribute,
    Call,
    Expr,
    Expression,
    Function,
    Gap,
    Import,
    Name,
    Return,
    Statement,
)
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.etiq import scans as etiq
from mlopsctl.engines.etiq.columns import inputs
from mlopsctl.engines.etiq.limits import limits
from mlopsctl.engines.shared import files
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "render"]

CONFIGURATION = "config.json"


def render(blueprint: Blueprint) -> FileSet:
    """Render the configuration and its runner if the spec has a scan."""
    checks, model = blueprint.checks, blueprint.model
    scans_asked = (
        [check for stage in checks.stages for check in stage.checks if check.kind in etiq.SCANS] if checks else []
    )
    if not scans_asked or model is None:
        return FileSet()
    about = (checks, model, Part(blueprint.identity, "labels"), blueprint.engines.checks)
    return FileSet.of(
        files.text_file(CONFIGURATION, json_text.dumps(configuration(blueprint, model, scans_asked)), about),
        files.text_file("run.py", runner(blueprint, model, scans_asked), about),
    )


def configuration(blueprint: Blueprint, model: Model, checks: list[Check]) -> dict[str, object]:
    """Return the configuration: what the columns are, then a section a scan."""
    fields = inputs(blueprint, model)
    dataset = {
        "label": model.label.column,
        "train_valid_test_splits": [0.0, 1.0, 0.0],  # all rows are looked at
        "cat_col": [name for name, kind in fields.items() if is_categorical(kind)],
        "cont_col": [name for name, kind in fields.items() if is_numeric(kind)],
    }
    return {"dataset": dataset, **{check.kind: _section(check) for check in checks}}


def _section(check: Check) -> dict[str, object]:
    """Return a scan's section; only what has a threshold is measured, unless the spec picks measures itself."""
    picks = etiq.PICKS.get(check.kind)
    thresholds = check.params.get("thresholds")
    picked = {picks: list(thresholds)} if picks and isinstance(thresholds, dict) else {}
    return {**picked, **check.params}


def runner(blueprint: Blueprint, model: Model, checks: list[Check]) -> str:
    """Write the module: a function for each stage, which returns what each scan found."""
    system = blueprint.identity.system
    title = (
        f"Run the scans of {system} with Etiq {etiq.VERSION}, beside {CONFIGURATION}.\n\n"
        "Each function takes data frames, and returns for each scan its segments, issues and aggregates:\n"
        "a scan that has issues has failed. Categories must be numbers."
    )
    statements: list[Statement] = [Import("etiq"), Gap()]
    statements += [_project(system), _dataset(model)]
    for stage, parameters in (("data", ["rows"]), ("split", ["train", "holdout"]), ("model", [*_MODEL])):
        scans = [check.kind for check in checks if etiq.SCANS[check.kind].stage == stage]
        if scans:
            statements.append(_stage(stage, parameters, scans))
    return python.module(title, statements)


_MODEL = ("train", "holdout", "fitted")


def _project(system: str) -> Function:
    """Write the code that opens the project, with telemetry off."""
    body: list[Statement] = [
        Expr(Call("etiq.disable_telemetry")),
        Expr(Call("etiq.load_config", (CONFIGURATION,))),
        Return(Call("etiq.projects.open", (), {"name": system})),
    ]
    return Function("open_project", body=body, docstring="Open the project, with telemetry off.")


def _dataset(model: Model) -> Function:
    builder = Call("etiq.SimpleDatasetBuilder.from_dataframe", (Name("rows"),), {"target_feature": model.label.column})
    body = [Return(Call(Attribute(builder, "build")))]
    return Function("dataset", {"rows": None}, body, docstring="Say which column of the rows is the label.")


def _stage(stage: str, parameters: list[str], scans: list[str]) -> Function:
    """Write a stage's function: a snapshot of what it looks at, and its scans."""
    expressions: dict[str, Expression] = {"name": stage, "dataset": Call("dataset", (Name(parameters[0]),))}
    if len(parameters) > 1:
        expressions = {
            "name": stage,
            "dataset": Call("dataset", (Name("holdout"),)),
            "comparison_dataset": Call("dataset", (Name("train"),)),
        }
    if "fitted" in parameters:
        expressions["model"] = Call("etiq.Model", (), {"model_fitted": Name("fitted")})
    body: list[Statement] = [
        Assign("project", Call("open_project")),
        Assign("snapshot", Call("project.snapshots.create", (), expressions)),
        Return({scan: Call(f"snapshot.{scan}") for scan in scans}),
    ]
    return Function(stage, dict.fromkeys(parameters), body, docstring=f"Run the scans of `checks.{stage}`.")


RENDERER: Final = Renderer(system=render)
