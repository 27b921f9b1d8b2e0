"""`materialize`: load the newest rows of views into the online store."""

from __future__ import annotations

from datetime import datetime

from mlopsctl.blueprint.model.features import View
from mlopsctl.runtime.backends import chosen
from mlopsctl.runtime.data.artifacts import write_parameter
from mlopsctl.runtime.gauges import NOTHING, publish
from mlopsctl.runtime.step_context import StepContext, StepFailed

MODES = ("incremental", "full")


def run(step_context: StepContext) -> None:
    """Register the project, then load each view."""
    mode = step_context.parameters.get("mode", "incremental")
    if mode not in MODES:
        raise StepFailed(f"mode must be {' or '.join(MODES)}, not `{mode}`")
    views = _chosen(step_context)
    newest = chosen.feature_store(step_context).materialize(views, mode)
    parameters = {f"timestamp-{name}": _unix_seconds(moment) for name, moment in newest.items()}
    for name, path in step_context.outputs.items():
        write_parameter(path, parameters.get(name, NOTHING))
    publish(step_context, parameters)


def _chosen(step_context: StepContext) -> list[View]:
    """Return the views to load: the given ones, or all materialised ones."""
    views = {view.name: view for view in step_context.definitions.views if view.every}
    names = [name.strip() for name in step_context.parameters.get("views", "").split(",") if name.strip()]
    strange = [name for name in names if name not in views]
    if strange:
        message = f"view `{strange[0]}` is not materialised by this system; those are {', '.join(views) or 'none'}"
        raise StepFailed(message, "spec.features.views")
    return [views[name] for name in names] if names else list(views.values())


def _unix_seconds(moment: datetime | None) -> str:
    return NOTHING if moment is None else f"{moment.timestamp():.0f}"
