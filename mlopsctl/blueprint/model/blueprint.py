"""The Blueprint of a system, and the shared unit of an environment."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.alerts import Alert, Route
from mlopsctl.blueprint.model.checks import Checks
from mlopsctl.blueprint.model.features import Features
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.blueprint.model.pipelines import Pipeline, StepPaths
from mlopsctl.blueprint.model.platform import Engines, Identity, Placement, Secret
from mlopsctl.blueprint.model.record import Record
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.model.training import Model

SCHEMA = "mlopsctl.dev/blueprint/v1alpha1"


class Blueprint(Record, frozen=True):
    """Everything decided about one system in one environment.

    `left_out` names endpoints without a locked version. `feature_maps` are the ConfigMaps that together hold the
    environment's feature project; more than one only if the project exceeds the size of a ConfigMap. `patches` and
    `extra` are not decisions of the compiler: they change and join the rendered objects, and pods that read the
    Blueprint do not see them.
    """

    schema: str
    identity: Identity
    place: Placement
    engines: Engines
    labels: Mapping[str, str]
    secrets: tuple[Secret, ...]
    features: Features | None
    model: Model | None
    checks: Checks | None
    paths: StepPaths
    pipelines: tuple[Pipeline, ...]
    endpoints: tuple[Endpoint, ...]
    slos: tuple[Slo, ...]
    alerts: tuple[Alert, ...]
    routes: tuple[Route, ...]
    monitors: tuple[Monitor, ...]
    left_out: tuple[str, ...]
    feature_maps: tuple[str, ...]
    patches: tuple[Patch, ...] = ()
    extra: tuple[Extra, ...] = ()
    annotations: Mapping[str, str] = {}


class Shared(Record, frozen=True):
    """The shared unit of an environment: the feature project, the delivery project, shared monitors.

    `file` is the workspace's, from the repository's root; empty where there is none.
    """

    schema: str
    workspace: str
    environment: str
    place: Placement
    engines: Engines
    labels: Mapping[str, str]
    secrets: tuple[Secret, ...]
    project: str
    monitors: tuple[Monitor, ...]
    systems: tuple[Blueprint, ...]
    feature_maps: tuple[str, ...]
    file: str = ""
    patches: tuple[Patch, ...] = ()
    extra: tuple[Extra, ...] = ()
    annotations: Mapping[str, str] = {}
