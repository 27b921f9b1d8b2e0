"""`kind: MLSystem`: one system with its six sections and overrides per environment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import scalars
from mlopsctl.spec.alerts import Alerts
from mlopsctl.spec.checks import Checks
from mlopsctl.spec.data import Data
from mlopsctl.spec.extra import Extra
from mlopsctl.spec.features import Features
from mlopsctl.spec.model import Model
from mlopsctl.spec.patches import Patch
from mlopsctl.spec.pods import Pods
from mlopsctl.spec.serving import Serving
from mlopsctl.spec.words import Accepts, EnvironmentName, JsonValue, Label, LabelValue, Name, Section, Text

OverridePath = Annotated[
    str,
    scalars.matching(
        r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*",
        "a path of the spec",
        "write section.key.key, as model.retrain.schedule",
    ),
]


class Metadata(Section):
    """The identity of the system."""

    name: Name
    """The system's name, from which rendered names are derived."""
    owner: Label
    """The owning team, used in labels, alert routing and reviews."""
    tier: Annotated[int, Field(ge=1, le=9)] = 3
    """Its importance; the workspace's policy for the tier applies."""
    description: Text = ""
    """A description, in one sentence."""
    labels: dict[Label, LabelValue] = {}
    """Labels of all rendered objects."""
    renamed_from: Name | None = None
    """The system's name before this change."""
    accepts: Accepts = {}
    """Guards of the plan that this change accepts, by code, with the reason."""


class SystemSpec(Section):
    """The sections."""

    data: Data | None = None
    """Sources, their columns, and labels."""
    features: Features | None = None
    """Entities, views, transforms and sets."""
    model: Model | None = None
    """The model: training, triggers and registration."""
    checks: Checks | None = None
    """Checks, gates and live checks."""
    serving: Serving | None = None
    """Endpoints."""
    alerts: Alerts | None = None
    """Objectives, alerts and their receivers."""
    patches: dict[Name, Patch] = {}
    """Changes of the system's rendered Kubernetes objects that the language has no field for, by name, in order."""
    extra: dict[Name, Extra] = {}
    """Kubernetes manifests of your own that are delivered with the system, by name."""
    pods: Pods = {}
    """Where and how pods run: `all`, `steps`, `endpoints`, or a kind of step such as `train`."""
    overrides: dict[EnvironmentName, dict[OverridePath, JsonValue]] = {}
    """Overrides per environment: paths and their values; null removes a value."""
    output: (
        Annotated[
            str,
            scalars.matching(
                r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))(?!(?:.*/)?\.[gG][iI][tT]\.*(?:/|$))[A-Za-z0-9._/-]+",
                "a folder",
                "write a folder below the repository's root and outside of `.git`, as generated",
                kind="value",
            ),
        ]
        | None
    ) = None
    """The output folder of a spec without a workspace, relative to the repository root. Default: generated/<name>."""


class MLSystem(Section):
    """One machine-learning system, from data to alerts."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["MLSystem"]
    """The kind of document."""
    metadata: Metadata
    """The identity of the system."""
    spec: SystemSpec
    """The sections."""
