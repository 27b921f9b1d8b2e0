"""`kind: Workspace`: the platform team's file, with engines, environments, defaults and policies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mlopsctl.spec import scalars, times
from mlopsctl.spec.model import Resources
from mlopsctl.spec.patches import Patch
from mlopsctl.spec.stack.stages import Stack
from mlopsctl.spec.stack.words import Host
from mlopsctl.spec.words import (
    Accepts,
    Glob,
    Identifier,
    Image,
    Label,
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
    """What a system gets where its spec is silent."""

    image: Image | None = None
    """The image that the steps of a system without a model run in."""
    resources: Resources | None = None
    """What a step asks for."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a step that broke is tried again."""
    timeout: Annotated[times.Duration, duration("1s", "90d")] = times.Duration(4 * 3_600_000)
    """How long a step may take."""
    routes: dict[Severity, Route] = {}
    """Who is told, by severity."""
    runbook: Url | None = None
    """Where the person who is told finds what to do."""


class Environment(Section):
    """A place systems run in."""

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
    """The namespace everything is rendered for."""
    vars: dict[Identifier, Variable] = {}
    """Values for ${vars.name} in specs. One that is a whole value there has the type of the field that it fills."""
    stack: Stack = Stack.model_construct()
    """Engines that differ here; an engine named here replaces the workspace's."""
    defaults: Defaults = Defaults.model_construct()
    """Defaults that differ here: each replaces the workspace's, routes by severity and resources by key."""
    promote_from: Reference | None = None
    """The environment a version is promoted from."""
    protect: bool = False
    """Whether what is a warning elsewhere is an error here: mutable images, missing lock entries."""


Requirement = Literal[
    "slos", "slos.availability", "slos.latency", "live", "live.drift", "live.quality", "runbook", "routes", "canary",
    "gates", "checks.data", "checks.model", "freshness", "training", "description",
]  # fmt: skip


class Policy(Section):
    """What a tier demands."""

    require: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    """Parts of the spec that must be there."""
    replicas_min: Annotated[int, Field(ge=0, le=1000, alias="replicas.min")] = 0
    """The least `replicas.min` of every endpoint."""
    registries: Annotated[tuple[Host, ...], Field(strict=False)] = ()
    """Image registries, with an optional path, that images may come from; none: any."""


class Git(Section):
    """Where the rendered tree is committed."""

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
    """The branch that is applied."""


class WorkspaceMetadata(Section):
    """The workspace's name."""

    name: Name
    """The workspace's name."""
    description: Text = ""
    """What it holds."""
    accepts: Accepts = {}
    """Guards of the plan that are lifted for this change, each by its code with the reason."""


class WorkspaceSpec(Section):
    """Systems, engines, environments, defaults and policies."""

    systems: Annotated[tuple[Glob, ...], Field(min_length=1, strict=False)]
    """Where the systems' specs are, from this file's folder."""
    output: Folder | None = None
    """Where the tree is written, from the repository root; by default generated/<name>."""
    git: Git | None = None
    """Where the rendered tree is committed."""
    stack: Stack = Stack.model_construct()
    """One engine a stage."""
    environments: Annotated[dict[Name, Environment], Field(min_length=1)]
    """The environments, by name, in the order of promotion."""
    defaults: Defaults = Defaults.model_construct()
    """What a system gets where its spec is silent."""
    policies: dict[Annotated[str, scalars.matching(r"tier-[1-9]", "a tier", "write tier-1 to tier-9")], Policy] = {}
    """What each tier demands."""
    patches: dict[Name, Patch] = {}
    """Changes of rendered Kubernetes objects of any system and of what systems share, by name, in order."""


class Workspace(Section):
    """The platform team's file."""

    api_version: Literal["mlopsctl.dev/v1alpha1"]
    """The version of the language."""
    kind: Literal["Workspace"]
    """The kind of document."""
    metadata: WorkspaceMetadata
    """The workspace's name."""
    spec: WorkspaceSpec
    """Systems, engines, environments, defaults and policies."""
