"""A system as it stands in one environment: defaults, overrides and lock applied, every reference bound.

In: nothing. Out: frozen values that rules and the blueprint read. Never holds a name without the object it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from mlopsctl.diagnostics.model import Place, Span
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.source.node import Items, Node, Path, Scalar, find, key_span, value_span
from mlopsctl.spec import alerts, checks, data, features, model, scalars, serving
from mlopsctl.spec import lock as lock_spec
from mlopsctl.spec import stack as stack_spec
from mlopsctl.spec import system as system_spec
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.shape import known_keys

__all__ = [
    "alerts",
    "checks",
    "data",
    "features",
    "lock_spec",
    "model",
    "scalars",
    "serving",
    "stack_spec",
    "system_spec",
    "workspace_spec",
]


class Written(NamedTuple):
    """A key or a text that stands in a file."""

    path: Path
    span: Span
    text: str
    is_key: bool


class Origin(Struct, frozen=True):
    """Where a document stands: its node tree, overrides grafted, and what is not known of it.

    `left_out` are places that were wrong, `uncertain` ones that are not there and may be what an unknown key meant.
    """

    file: str
    node: Node
    left_out: frozenset[Path] = frozenset()
    uncertain: frozenset[Path] = frozenset()

    def value(self, *path: str | int, label: str = "") -> Place:
        """Return the place of the value at `path`, or of the nearest thing the file has."""
        return Place(value_span(self.node, path), label)

    def key(self, *path: str | int, label: str = "") -> Place:
        """Return the place of the key at `path`."""
        return Place(key_span(self.node, path), label)

    def has(self, *path: str | int) -> bool:
        """Tell whether the file itself says something at `path`."""
        return find(self.node, path) is not None

    def written(self) -> Iterator[Written]:
        """Yield every key and every text, in the order of the file."""
        return _written(self.node, ())

    def is_section(self, *path: str | int) -> bool:
        """Tell whether the mapping at `path` has keys of the language, and not names of the user's."""
        return bool(known_keys(system_spec.MLSystem, self.node, path))

    def unreadable(self, *path: str | int) -> bool:
        """Tell whether `path`, a part of it or something around it is not known."""
        lost = (*self.left_out, *self.uncertain)
        return any(path[: len(gone)] == gone or gone[: len(path)] == path or _misspelt(gone, path) for gone in lost)


def _written(node: Node, path: Path) -> Iterator[Written]:
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield Written(path, node.span, node.value, is_key=False)
    elif isinstance(node, Items):
        for i, value in enumerate(node.values):
            yield from _written(value, (*path, i))
    else:
        for key, entry in node.entries.items():
            yield Written((*path, key), entry.key, key, is_key=True)
            yield from _written(entry.value, (*path, key))


def _misspelt(gone: Path, path: Path) -> bool:
    """Tell whether what was left out may be what `path` looks for, under a name that could not be used."""
    beside = len(gone) == len(path) and gone[:-1] == path[:-1]
    return beside and closest(str(path[-1]), [str(gone[-1])]) is not None


class Environment(Struct, frozen=True):
    """A place systems run in."""

    name: str
    cluster: str
    namespace: str
    variables: Mapping[str, str]
    promote_from: str | None
    protect: bool
    ci: stack_spec.Ci | None = None
    """What it would check pull requests with; that is the workspace's to say."""


class Engines(Struct, frozen=True):
    """The engine of each stage; None where a stage has none here."""

    features: stack_spec.Feast | stack_spec.Hopsworks
    pipelines: stack_spec.ArgoWorkflows | stack_spec.Kfp | stack_spec.Polyaxon | stack_spec.Kale
    registry: stack_spec.Mlflow | stack_spec.Neptune
    checks: stack_spec.Deepchecks | stack_spec.GreatExpectations | stack_spec.Etiq
    serving: stack_spec.Seldon | stack_spec.KServe | stack_spec.MLServer | stack_spec.Cortex
    monitoring: stack_spec.PrometheusOperator | stack_spec.Prometheus
    dashboards: stack_spec.Grafana
    delivery: stack_spec.ArgoCD | None
    ci: stack_spec.Ci | None
    secrets: stack_spec.ExternalSecrets | stack_spec.ExistingSecrets


class Site(NamedTuple):
    """Where an environment's objects go, and whose they are there."""

    cluster: str
    namespace: str
    engines: Engines


class Workspace(Struct, frozen=True):
    """What all systems share. `origin` is None where there is no workspace file, `lock` where there is no lock."""

    name: str
    origin: Origin | None
    git: workspace_spec.Git | None
    output: str
    defaults: workspace_spec.Defaults
    policies: Mapping[str, workspace_spec.Policy]
    lock_file: str
    lock: Origin | None = None
    environments: Mapping[str, str | None] = {}
    """Each environment, in order, with the one it is promoted from."""
    places: Mapping[str, Site] = {}
    """Where each environment's objects go."""

    def lock_unreadable(self, *path: str) -> bool:
        """Tell whether nothing can be said of what the lock holds at `path`, because it was not understood."""
        return self.lock is not None and self.lock.unreadable(*path)


class Entity(Struct, frozen=True):
    """An entity, bound. `system` defines it."""

    system: str
    name: str
    key: str
    type: str
    description: str = ""


class View(Struct, frozen=True):
    """A view with its entity and source, and the type of each of its fields. Not `whole`: a part was left out."""

    system: str
    name: str
    spec: features.View
    entity: Entity
    source_name: str
    source: data.Source
    types: Mapping[str, str]
    owner: str
    whole: bool = True

    def may_mean(self, field: str) -> bool:
        """Tell whether a field of the view, which is no column and was reported as such, may be this one misspelt."""
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
    """One feature of a set: from a view, or from a transform. `path` is its place in the spec."""

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
    """A set, bound: its features in order, its request fields, and what must be looked up for them.

    It is not `whole` where a feature that it names could not be bound.
    """

    name: str
    spec: features.FeatureSet
    features: tuple[Feature, ...]
    whole: bool = True

    @property
    def views(self) -> tuple[View, ...]:
        """Every view that is read for the set, those of its transforms included, in order of first use."""
        found: dict[tuple[str, str], View] = {}
        for feature in self.features:
            inputs = [i.view for i in feature.transform.inputs] if feature.transform else [feature.view]
            for view in inputs:
                if view:
                    found.setdefault((view.system, view.name), view)
        return tuple(found.values())

    @property
    def transforms(self) -> tuple[Transform, ...]:
        """The transforms of the set, in order of first use."""
        return tuple({f.transform.name: f.transform for f in self.features if f.transform}.values())

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities whose keys the set is looked up by, in order of first use."""
        return tuple({view.entity.key: view.entity for view in self.views}.values())


class Label(Struct, frozen=True):
    """A label, bound to its source's column."""

    name: str
    spec: data.LabelColumn
    source_name: str
    source: data.Source
    column: str
    type: str
    delay: scalars.Duration


class Training(Struct, frozen=True):
    """The model section, bound."""

    spec: model.Model
    features: FeatureSet
    label: Label
    locked: lock_spec.LockedModel | None


class Endpoint(Struct, frozen=True):
    """An endpoint, bound to its set and to what the lock says of its alias."""

    name: str
    spec: serving.Endpoint
    features: FeatureSet | None
    registered: str
    locked: lock_spec.LockedModel | None

    @property
    def key(self) -> str:
        """What the lock calls the model it serves."""
        return f"{self.registered}@{self.spec.model}"


class NamedImage(NamedTuple):
    """An image, and the file and the path where it is named."""

    image: scalars.Image
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

    @property
    def image(self) -> scalars.Image | None:
        """The image that the steps run in: the model's, else the workspace's."""
        return self.spec.model.code.image if self.spec.model else self.workspace.defaults.image

    @property
    def images(self) -> tuple[NamedImage, ...]:
        """Every image that is rendered for the system: that its steps run in, and that of an engine's model server."""
        found = []
        if self.image:
            own = ("spec", "model", "code", "image")
            shared = ("spec", "defaults", "image")
            at = (self.origin, own) if self.spec.model else (self.workspace.origin, shared)
            found.append(NamedImage(self.image, *at))
        server = getattr(self.engines.serving, "image", None)
        if server and self.endpoints:
            origin = self.workspace.origin
            here = ("spec", "environments", self.environment.name, "stack", "serving", "image")
            path = here if origin and origin.has(*here) else ("spec", "stack", "serving", "image")
            found.append(NamedImage(server, origin, path))
        return tuple(found)

    @property
    def trained(self) -> str | None:
        """What the lock calls the model that training moves an alias of."""
        model = self.spec.model
        return f"{model.registry.name}@{model.registry.alias}" if model else None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every model that the lock may settle for this system: those it serves, and the one it trains."""
        served = [endpoint.key for endpoint in self.endpoints.values()]
        return tuple(dict.fromkeys((*served, *([self.trained] if self.trained else ()))))

    def knows_engine(self, stage: str) -> bool:
        """Tell whether the workspace's choice of a stage's engine was understood: otherwise a default stands there."""
        origin, here = self.workspace.origin, ("spec", "environments", self.environment.name, "stack", stage)
        return origin is None or not (origin.unreadable("spec", "stack", stage) or origin.unreadable(*here))


class Landscape(Struct, frozen=True):
    """All systems of a workspace in one environment.

    `size` counts its systems, also those that were left unread.
    `dangling` holds the codes of names that name nothing, `whole` says that every spec was understood to its end:
    what nothing uses can only be told where neither hides a use.
    """

    environment: Environment
    workspace: Workspace
    engines: Engines
    systems: Mapping[str, System]
    lock: lock_spec.LockedEnvironment = field(default_factory=lock_spec.LockedEnvironment)
    dangling: frozenset[str] = frozenset()
    whole: bool = True
    size: int = 0
