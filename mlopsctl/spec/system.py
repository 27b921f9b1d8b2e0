"""`kind: MLSystem`: one system, its six sections and what differs by environment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import scalars
from mlopsctl.spec.alerts import Alerts
from mlopsctl.spec.checks import Checks
from mlopsctl.spec.data import Data
from mlopsctl.spec.features import Features
from mlopsctl.spec.model import Model
from mlopsctl.spec.patches import Patch
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
    """Who and what the system is."""

    name: Name
    """The system's name; every rendered name derives from it."""
    owner: Label
    """The team that answers for it: labels, alert routing, reviewers."""
    tier: Annotated[int, Field(ge=1, le=9)] = 3
    """How much depends on it; the workspace's policy for the tier applies."""
    description: Text = ""
    """What it does, in a sentence."""
    labels: dict[Label, LabelValue] = {}
    """Free labels on everything that is rendered."""
    renamed_from: Name | None = None
    """The system's name before this change."""
    accepts: Accepts = {}
    """Guards of the plan that are lifted for this change, each by its code with the reason."""


class SystemSpec(Section):
    """The sections."""

    data: Data | None = None
    """Sources, their columns, and labels."""
    features: Features | None = None
    """Entities, views, transforms and sets."""
    model: Model | None = None
    """What is trained, when, and where it is registered."""
    checks: Checks | None = None
    """Suites, gates and live monitors."""
    serving: Serving | None = None
    """Endpoints."""
    alerts: Alerts | None = None
    """Objectives, alerts and who is told."""
    patches: dict[Name, Patch] = {}
    """Changes of the system's rendered Kubernetes objects that the language has no field for, by name, in order."""
    overrides: dict[EnvironmentName, dict[OverridePath, JsonValue]] = {}
    """Typed partials by environment: a path and the value that stands there; null removes."""
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
    """Where a spec without a workspace is rendered to, from the repository root; by default generated/<name>."""


class MLSystem(Section):
    """One machine-learning system, from data to alerts."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["MLSystem"]
    """The kind of document."""
    metadata: Metadata
    """Who and what the system is."""
    spec: SystemSpec
    """The sections."""
