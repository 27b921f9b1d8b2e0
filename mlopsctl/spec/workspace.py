"""`kind: Workspace`: the platform team's file, with engines, environments, defaults and policies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mlopsctl.spec import scalars, times
from mlopsctl.spec.extra import Extra
from mlopsctl.spec.model import Resources
from mlopsctl.spec.patches import Patch
from mlopsctl.spec.pods import FreeKey, Pods
from mlopsctl.spec.stack.stages import Stack
from mlopsctl.spec.stack.words import Host
from mlopsctl.spec.words import (
    Accepts,
    Glob,
    Identifier,
    Image,
    Label,
    LabelValue,
    Name,
    Reference,
    Route,
    Section,
    Severity,
    Text,
    Url,
    Variable,
    duration,
    readable,
)

Folder = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))(?!(?:.*/)?\.[gG][iI][tT]\.*(?:/|$))[A-Za-z0-9._/-]+",
        "a folder",
        "write a folder below the repository's root and outside of `.git`, as generated",
        kind="value",
    ),
]


class Defaults(Section):
    """Defaults for fields that specs do not set."""

    image: Image | None = None
    """The steps' image of systems without a model."""
    resources: Resources | None = None
    """The resources of steps."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """The maximum number of retries of a failed step."""
    timeout: Annotated[times.Duration, duration("1s", "90d")] = times.Duration(4 * 3_600_000)
    """The timeout of steps."""
    routes: dict[Severity, Route] = {}
    """The receivers of alerts, by severity."""
    runbook: Url | None = None
    """The address of the runbook."""
    pods: Pods = {}
    """Where and how pods run: `all`, `steps`, `endpoints`, or a kind of step such as `train`."""


class Environment(Section):
    """An environment in which systems run."""

    cluster: Annotated[
        str,
        scalars.matching(
            r"https?://[A-Za-z0-9.:/_-]+|[A-Za-z0-9][\w.-]*",
            "a cluster",
            "write its API address, or its name in Argo CD",
            kind="value",
        ),
        AfterValidator(readable),
    ] = "https://kubernetes.default.svc"
    """The cluster's API address, or its name in Argo CD."""
    namespace: Label = "default"
    """The namespace of all rendered objects."""
    vars: dict[Identifier, Variable] = {}
    """Values for ${vars.name} in specs. A variable that is a whole value gets the type of its field."""
    stack: Stack = Stack.model_construct()
    """Engines of this environment, which override the workspace's."""
    defaults: Defaults = Defaults.model_construct()
    """Defaults that differ here: each replaces the workspace's, routes by severity and resources by key."""
    promote_from: Reference | None = None
    """The environment from which versions are promoted."""
    protect: bool = False
    """Report mutable images and missing lock entries as errors instead of warnings."""


Requirement = Literal[
    "slos", "slos.availability", "slos.latency", "live", "live.drift", "live.quality", "runbook", "routes", "canary",
    "gates", "checks.data", "checks.model", "freshness", "training", "description",
]  # fmt: skip


class Policy(Section):
    """The policy of a tier."""

    require: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    """Required parts of the spec."""
    replicas_min: Annotated[int, Field(ge=0, le=1000, alias="replicas.min")] = 0
    """The minimum of `replicas.min` of every endpoint."""
    registries: Annotated[tuple[Host, ...], Field(strict=False)] = ()
    """Allowed image registries, with an optional path. Default: all."""


class Git(Section):
    """The Git repository of the rendered tree."""

    repository: Annotated[
        str,
        scalars.matching(
            r"(https?|ssh)://[A-Za-z0-9._~:/@-]+|git@[A-Za-z0-9.-]+:[A-Za-z0-9._/-]+",
            "a repository's address",
            "write https://host/owner/name",
            kind="value",
        ),
        AfterValidator(readable),
    ]
    """The repository's address."""
    branch: Annotated[
        str, scalars.matching(r"(?!-)[A-Za-z0-9._/-]+", "a branch", "write its name, as main", kind="value")
    ] = "main"
    """The branch that Argo CD applies."""


class WorkspaceMetadata(Section):
    """The workspace's name."""

    name: Name
    """The workspace's name."""
    description: Text = ""
    """A description of the workspace."""
    labels: dict[FreeKey, LabelValue] = {}
    """Labels of every rendered Kubernetes object, as acme.com/cost-center; a system's own take precedence."""
    annotations: dict[FreeKey, Text] = {}
    """Annotations of every rendered Kubernetes object."""
    accepts: Accepts = {}
    """Guards of the plan that this change accepts, by code, with the reason."""


class WorkspaceSpec(Section):
    """Systems, engines, environments, defaults and policies."""

    systems: Annotated[tuple[Glob, ...], Field(min_length=1, strict=False)]
    """Path patterns of the systems' specs, relative to this file's folder."""
    output: Folder | None = None
    """The output folder, relative to the repository root. Default: generated/<name>."""
    git: Git | None = None
    """The Git repository of the rendered tree."""
    stack: Stack = Stack.model_construct()
    """One engine per stage."""
    environments: Annotated[dict[Name, Environment], Field(min_length=1)]
    """The environments, by name, in the order of promotion."""
    defaults: Defaults = Defaults.model_construct()
    """Defaults for fields that specs do not set."""
    policies: dict[Annotated[str, scalars.matching(r"tier-[1-9]", "a tier", "write tier-1 to tier-9")], Policy] = {}
    """Policies, by tier."""
    patches: dict[Name, Patch] = {}
    """Changes of rendered Kubernetes objects of any system and of what systems share, by name, in order."""
    extra: dict[Name, Extra] = {}
    """Kubernetes manifests of your own that are delivered with what systems share, by name."""


class Workspace(Section):
    """The workspace, maintained by the platform team."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["Workspace"]
    """The kind of document."""
    metadata: WorkspaceMetadata
    """The workspace's name."""
    spec: WorkspaceSpec
    """Systems, engines, environments, defaults and policies."""
