"""A system in one environment: defaults, overrides and lock applied, and every reference bound to its object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct, field

from mlopsctl.diagnostics.suggest import closest
from mlopsctl.resolve.origin import Origin
from mlopsctl.source.node import Path, plain
from mlopsctl.spec import data, features, model, references, serving, times
from mlopsctl.spec import lock as lock_spec
from mlopsctl.spec import system as system_spec
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.extra import Extra
from mlopsctl.spec.patches import Patch
from mlopsctl.spec.pods import Pods
from mlopsctl.spec.stack.settings import EngineSettings, FeatureStoreSettings, RegistrySettings


class Environment(Struct, frozen=True):
    """An environment in which systems run."""

    name: str
    cluster: str
    namespace: str
    variables: Mapping[str, str]
    promote_from: str | None
    protect: bool
    ci: EngineSettings | None = None
    """Its CI engine, which only the workspace may set."""
    pods: Pods = {}
    """Its own defaults of pods."""


class Engines(Struct, frozen=True):
    """The engine of each stage; None if a stage has none."""

    features: FeatureStoreSettings
    pipelines: EngineSettings
    registry: RegistrySettings
    checks: EngineSettings
    serving: EngineSettings
    monitoring: EngineSettings
    dashboards: EngineSettings
    delivery: EngineSettings | None
    ci: EngineSettings | None
    secrets: EngineSettings


class Manifest(NamedTuple):
    """A manifest that a spec names: the spec, its file from the project's root, and where what was read stands."""

    spec: Extra
    file: str
    origin: Origin | None

    @property
    def value(self) -> Mapping[str, Any]:
        """The object as plain data; empty where the file was not read, or holds no mapping."""
        content: Any = plain(self.origin.node) if self.origin else None
        return content if isinstance(content, dict) else {}

    def is_in(self, environment: str) -> bool:
        """Return whether an environment has it."""
        return self.spec.environments is None or environment in self.spec.environments


class Site(NamedTuple):
    """The target of an environment's objects, and their owner."""

    cluster: str
    namespace: str
    engines: Engines


class Workspace(Struct, frozen=True):
    """The workspace. `origin` is None without a workspace file, `lock` without a lock."""

    name: str
    origin: Origin | None
    git: workspace_spec.Git | None
    output: str
    defaults: workspace_spec.Defaults
    """Those of one environment."""
    policies: Mapping[str, workspace_spec.Policy]
    lock_file: str
    lock: Origin | None = None
    environments: Mapping[str, str | None] = {}
    """The environments in order, each with the one it is promoted from."""
    places: Mapping[str, Site] = {}
    """The target of each environment's objects."""
    patches: Mapping[str, Patch] = {}
    """Changes of rendered objects of any system."""
    manifests: Mapping[str, Manifest] = {}
    """Manifests that are delivered with what systems share."""
    pods: Pods = {}
    """The defaults of pods of all environments."""
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    """Those of every rendered object."""

    def default_path(self, environment: str, name: str) -> tuple[str, ...]:
        """Return the path of a default in the workspace's file: the environment's own where it has one."""
        own_path = ("spec", "environments", environment, "defaults", name)
        return own_path if self.origin and self.origin.has(*own_path) else ("spec", "defaults", name)

    def lock_unreadable(self, *path: str) -> bool:
        """Return whether the lock's content at `path` is unknown, because it is invalid."""
        return self.lock is not None and self.lock.unreadable(*path)


class Entity(Struct, frozen=True):
    """An entity, bound. `system` defines it."""

    system: str
    name: str
    key: str
    type: str
    description: str = ""


class View(Struct, frozen=True):
    """A view with its entity and source, and the type of each of its fields. `whole` is false if a part was dropped."""

    system: str
    name: str
    spec: features.View
    entity: Entity
    source_name: str
    source: data.Source
    types: Mapping[str, str]
    owner: str
    complete: bool = True

    def may_mean(self, field: str) -> bool:
        """Return whether a reported field of the view may be a misspelling of this one."""
        return closest(field, [name for name in self.spec.fields if name not in self.types]) is not None


class Input(Struct, frozen=True):
    """An input of a transform; `view` is None for a request field."""

    view: View | None
    name: str
    type: str


class Transform(Struct, frozen=True):
    """A transform with its inputs bound."""

    system: str
    name: str
    spec: features.Transform
    inputs: tuple[Input, ...]


class Feature(Struct, frozen=True):
    """One feature of a set: from a view, or from a transform. `path` is its path in the spec."""

    name: str
    type: str
    view: View | None
    transform: Transform | None
    path: Path

    @property
    def producer(self) -> str:
        """The name of the view or transform."""
        owner = self.view or self.transform
        return owner.name if owner else ""


class FeatureSet(Struct, frozen=True):
    """A set, bound: its features in order, its request fields, and the views to look up.

    `whole` is false if a feature could not be bound.
    """

    name: str
    spec: features.FeatureSet
    features: tuple[Feature, ...]
    complete: bool = True

    @property
    def views(self) -> tuple[View, ...]:
        """The views that the set and its transforms read, in order of first use."""
        by_name: dict[tuple[str, str], View] = {}
        for feature in self.features:
            inputs = [i.view for i in feature.transform.inputs] if feature.transform else [feature.view]
            for view in inputs:
                if view:
                    by_name.setdefault((view.system, view.name), view)
        return tuple(by_name.values())

    @property
    def transforms(self) -> tuple[Transform, ...]:
        """The transforms of the set, in order of first use."""
        return tuple({f.transform.name: f.transform for f in self.features if f.transform}.values())

    @property
    def model_request(self) -> dict[str, str]:
        """The request fields that are inputs of the model, by type."""
        return {name: kind for name, kind in self.spec.request.items() if name not in self.spec.transform_only}

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities of the set's lookup keys, in order of first use."""
        return tuple({view.entity.key: view.entity for view in self.views}.values())


class Label(Struct, frozen=True):
    """A label, bound to its source's column."""

    name: str
    spec: data.LabelColumn
    source_name: str
    source: data.Source
    column: str
    type: str
    delay: times.Duration


class Training(Struct, frozen=True):
    """The model section, bound."""

    spec: model.Model
    features: FeatureSet
    label: Label
    locked: lock_spec.LockedModel | None


class Endpoint(Struct, frozen=True):
    """An endpoint, bound to its set and to the lock entry of its alias."""

    name: str
    spec: serving.Endpoint
    features: FeatureSet | None
    registered: str
    locked: lock_spec.LockedModel | None

    @property
    def key(self) -> str:
        """The lock's key of the served model."""
        return f"{self.registered}@{self.spec.model}"


class NamedImage(NamedTuple):
    """An image, and its file and path."""

    image: references.Image
    origin: Origin | None
    path: tuple[str, ...]


class System(Struct, frozen=True):
    """One system in one environment."""

    name: str
    metadata: system_spec.Metadata
    spec: system_spec.SystemSpec
    origin: Origin
    environment: Environment
    engines: Engines
    workspace: Workspace
    lock: lock_spec.LockedEnvironment
    entities: Mapping[str, Entity] = {}
    views: Mapping[str, View] = {}
    transforms: Mapping[str, Transform] = {}
    sets: Mapping[str, FeatureSet] = {}
    labels: Mapping[str, Label] = {}
    training: Training | None = None
    endpoints: Mapping[str, Endpoint] = {}
    manifests: Mapping[str, Manifest] = {}

    @property
    def image(self) -> references.Image | None:
        """The steps' image: the model's, otherwise the workspace's."""
        return self.spec.model.code.image if self.spec.model else self.workspace.defaults.image

    @property
    def images(self) -> tuple[NamedImage, ...]:
        """The images rendered for the system: the steps' image, and that of an engine's model server."""
        named_images = []
        if self.image:
            own = ("spec", "model", "code", "image")
            shared = self.workspace.default_path(self.environment.name, "image")
            at = (self.origin, own) if self.spec.model else (self.workspace.origin, shared)
            named_images.append(NamedImage(self.image, *at))
        server = getattr(self.engines.serving, "image", None)
        if server and self.endpoints:
            origin = self.workspace.origin
            own_path = ("spec", "environments", self.environment.name, "stack", "serving", "image")
            path = own_path if origin and origin.has(*own_path) else ("spec", "stack", "serving", "image")
            named_images.append(NamedImage(server, origin, path))
        return tuple(named_images)

    @property
    def trained(self) -> str | None:
        """The lock's key of the trained model."""
        model = self.spec.model
        return f"{model.registry.name}@{model.registry.alias}" if model else None

    @property
    def aliases(self) -> tuple[str, ...]:
        """The models of this system in the lock: the served ones, and the trained one."""
        served = [endpoint.key for endpoint in self.endpoints.values()]
        return tuple(dict.fromkeys((*served, *([self.trained] if self.trained else ()))))

    def knows_engine(self, stage: str) -> bool:
        """Return whether the workspace's engine of a stage is readable; otherwise the default is used."""
        origin, own_path = self.workspace.origin, ("spec", "environments", self.environment.name, "stack", stage)
        return origin is None or not (origin.unreadable("spec", "stack", stage) or origin.unreadable(*own_path))


class Landscape(Struct, frozen=True):
    """All systems of a workspace in one environment.

    `size` is the number of systems, including unread ones.
    `dangling` has the codes of unresolved references, and `whole` is true if every spec is valid:
    unused names are only reported if neither can hide a use.
    """

    environment: Environment
    workspace: Workspace
    engines: Engines
    systems: Mapping[str, System]
    lock: lock_spec.LockedEnvironment = field(default_factory=lock_spec.LockedEnvironment)
    dangling: frozenset[str] = frozenset()
    complete: bool = True
    size: int = 0
