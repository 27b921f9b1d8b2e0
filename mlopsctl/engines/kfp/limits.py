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
    """Return what Kubeflow Pipelines cannot do for the systems of an environment together."""
    return tuple(_together(shared))


def _findings(blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield one finding a thing that cannot be expressed."""
    yield from numbers.unreported(blueprint, "KFP")
    for pipeline in blueprint.pipelines:
        yield from _schedules(pipeline)


def _together(shared: Shared) -> Iterator[Diagnostic]:
    """Find a feature project that steps could not be given: KFP mounts no two ConfigMaps as one folder."""
    if len(shared.feature_maps) > 1:
        message = (
            f"the feature project of {len(shared.systems)} systems takes {len(shared.feature_maps)} ConfigMaps, "
            "and KFP can show steps one of them"
        )
        yield codes.KFP_FEATURES.at(None, message, path="spec.systems")


def _schedules(pipeline: Pipeline) -> Iterator[Diagnostic]:
    path = "spec.model.retrain.schedule.cron" if pipeline.purpose == "train" else "metadata.name"
    for schedule in pipeline.schedules:
        if why := schedules.unreadable(schedule.cron):
            message = f"a CronJob, which starts KFP's runs, cannot read the schedule `{schedule.cron}`: {why}"
            yield codes.KFP_CRON.at(None, message, path=path)


LIMITS: Final = Limits(system=limits, shared=limits_shared)
