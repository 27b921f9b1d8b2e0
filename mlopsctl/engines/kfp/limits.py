"""Limits of Kubeflow Pipelines. Defaults that KFP cannot honour are not reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.base import Limits
from mlopsctl.engines.kfp import codes
from mlopsctl.engines.shared import numbers, schedules


def limits(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Return the limits of Kubeflow Pipelines that the system hits."""
    return tuple(_findings(blueprint))


def limits_shared(shared: Shared) -> tuple[Diagnostic, ...]:
    """Return the limits of Kubeflow Pipelines that the systems hit together."""
    return tuple(_together(shared))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic per gauge and schedule that KFP cannot express."""
    yield from numbers.unreported(blueprint, "KFP")
    for pipeline in blueprint.pipelines:
        yield from _schedules(pipeline)


def _together(shared: Shared) -> Iterator[Diagnostic]:
    """Report a feature project that steps cannot mount: KFP cannot mount two ConfigMaps as one folder."""
    if len(shared.feature_maps) > 1:
        message = (
            f"the feature project of {len(shared.systems)} systems needs {len(shared.feature_maps)} ConfigMaps, "
            "but KFP can mount only one as a folder"
        )
        yield codes.KFP_FEATURES.at(None, message, path="spec.systems")


def _schedules(pipeline: Pipeline) -> Iterator[Diagnostic]:
    path = "spec.model.retrain.schedule.cron" if pipeline.purpose == "train" else "metadata.name"
    for schedule in pipeline.schedules:
        if why := schedules.unreadable(schedule.cron):
            message = f"the CronJob that starts KFP's runs cannot read the schedule `{schedule.cron}`: {why}"
            yield codes.KFP_CRON.at(None, message, path=path)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
