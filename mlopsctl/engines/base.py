"""The interface of an engine: its facts, its renderer and its limits.

An engine is one package. Its `facts.py` has `FACTS`, a tuple of `Facts`; it imports no renderer, because rules and
decisions read facts in every command. Its `settings.py` has `SETTINGS`, the classes of its settings in the language.
Its `target.py` has `RENDERER` and its `limits.py` has `LIMITS`; both are imported when a stack chooses the engine. Its
`backend` is what the steps call; facts name it by its address `module:name`, and it is imported in a step alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeVar

from mlopsctl.catalogue.capability import Capability

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
    from mlopsctl.blueprint.model.serving import Endpoint
    from mlopsctl.catalogue.flavors import Served
    from mlopsctl.catalogue.platform import Owned, ScrapeTarget
    from mlopsctl.catalogue.signal import RunSignal, Signal
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.tree.fileset import FileSet

State = Literal["maintained", "unmaintained", "proprietary"]
Kind = tuple[str, str]
"""An API group and a kind."""
Patch = list[dict[str, Any]]
"""Operations of a JSON Patch (RFC 6902)."""

ARGO_CD: Final = "argocd"
"""Argo CD itself has a health check for the kind."""
IMMEDIATE: Final = "immediate"
"""The kind has no status to wait for and is healthy once applied."""

_NO_KINDS: Final[Mapping[Kind, KindFacts]] = MappingProxyType({})
_NO_CAPABILITIES: Final[Mapping[str, Capability]] = MappingProxyType({})
_NO_SERVERS: Final[Mapping[str, Served]] = MappingProxyType({})
_NO_PORTS: Final[Mapping[str, str]] = MappingProxyType({})
_NO_FIELDS: Final[Mapping[str, tuple[Owned, ...]]] = MappingProxyType({})
_NO_FIXED_FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType({})
_NO_SIGNALS: Final[Mapping[str, Signal]] = MappingProxyType({})


class KindFacts(NamedTuple):
    """Facts about a rendered kind that delivery needs.

    `wave` is its sync wave: objects of earlier waves are needed by later ones. `health` is `ARGO_CD`, `IMMEDIATE`, or
    a file of the engine's package with the Lua of a health check, as `health.lua`. `immutable` are the fields (JSON
    pointers) that never change under an object's name: delivery need not compare them. `fixed` are the paths of fields
    that its admission lets nobody change on an object that is there: the plan stops a change of one.
    """

    wave: int
    health: str
    immutable: tuple[str, ...] = ()
    fixed: tuple[tuple[str, ...], ...] = ()


class Traffic(NamedTuple):
    """Facts about changing traffic weights in a rollout.

    `resource` is the plural of the kind in the rights of the rollout's step. `edit` is the `module:function` of a
    `TrafficEdit`. `owned` are its fields, not reverted by delivery: (group, kind, JSON pointer).
    """

    group: str
    version: str
    resource: str
    edit: str
    owned: tuple[Owned, ...]


class NoCandidateError(Exception):
    """The live object has no candidate."""


class TrafficEdit(Protocol):
    """A function that returns the patch of a live object that sets a candidate's weight, in percent."""

    def __call__(self, blueprint: Blueprint, endpoint: Endpoint, live: Mapping[str, Any], percent: int) -> Patch:
        """Return the patch; raise NoCandidateError if the object has none."""


class Serving(NamedTuple):
    """Facts that a serving engine must declare besides its capabilities.

    `packaged` serves the MLflow package of every flavor in `flavors` (empty: of all); `native` serves the bare file of
    a flavor. `lookup_kind` is the kind of an endpoint that looks features up, where that differs. `signals` are how
    each kind reports its requests. `candidate_apart` tells whether a candidate's requests have series of their own, and
    `namespaced` whether the scraped series carry the pods' namespace.

    `endpoint_label` is the label of pods that holds their endpoint's object name; `shared_servers` tells that all
    endpoints share the scraped pods instead. `metrics_ports` are ports to scrape, by kind, where the facts' `scrapes`
    name another. `rolled` says in the plan how a new version replaces the old one, and `relabelled` that new labels
    start new pods; empty where they do not. `autoscaled` are the fields that a scaler writes, by the metric that it
    follows.
    """

    packaged: Served | None = None
    flavors: tuple[str, ...] = ()
    native: Mapping[str, Served] = _NO_SERVERS
    lookup_kind: str = ""
    signals: Mapping[str, Signal] = _NO_SIGNALS
    candidate_apart: bool = True
    namespaced: bool = True
    traffic: Traffic | None = None
    endpoint_label: str = ""
    shared_servers: bool = False
    metrics_ports: Mapping[str, str] = _NO_PORTS
    rolled: str = "the serving engine replaces the replicas one by one"
    relabelled: str = ""
    autoscaled: Mapping[str, tuple[Owned, ...]] = _NO_FIELDS


class Pipelines(NamedTuple):
    """Facts that a pipeline engine must declare besides its capabilities.

    `metric_prefix` is what the engine puts before the names of the metrics that steps export. `runs` is how it counts
    runs. `starter` is the module with which a step starts a run, by its functions `starts` and `start`.
    """

    metric_prefix: str = ""
    runs: RunSignal | None = None
    starter: str = ""


class Features(NamedTuple):
    """Facts that a feature store must declare besides its capabilities.

    `backend` is the address of its `runtime.backends.feature_store.FeatureStore`, a class that is called with the
    context of a step. `server` is the service and port of the server that endpoints look features up at. `local` is the
    address of the `LocalSettings` that keep everything in files; without it the default feature store runs locally.

    The other fields say in the words of the plan what the store does with what a change takes away. `removed_view` and
    `removed_system` say what happens to the rows of a view and of a system that are removed, and `renamed_view` how a
    renamed view gets its rows. `shared_project` tells that all systems have one project: an object that moves between
    systems stays the same. `silent_removal` names what deletes a view and its rows without a confirmation; empty where
    nothing does.
    """

    backend: str
    removed_view: str
    removed_system: str
    renamed_view: str
    shared_project: bool = False
    silent_removal: str = ""
    server: str = ""
    local: str = ""


class Registry(NamedTuple):
    """Facts that a model registry must declare besides its capabilities.

    `backend` is the address of its `runtime.backends.registry.Registry`, a class that is called with the context of a
    step. `versions` is the address of its `registries.versions.Versions`, with which `lock` resolves aliases; without
    it entries of the lock are written by hand. `library` is the Python package that `versions` imports. `local` is the
    address of the `LocalSettings` that keep everything in files; without it the default registry runs locally.
    """

    backend: str
    versions: str = ""
    library: str = ""
    local: str = ""


class Checks(NamedTuple):
    """Facts that a check library must declare besides its capabilities.

    `backend` is the address of its `runtime.backends.checks.Checks`, a class that is called with the context of a step.
    `catalogue` is the address of its `CheckCatalogue`, by which rules judge the checks of a spec.
    """

    backend: str
    catalogue: str


class Monitoring(NamedTuple):
    """Facts that a monitoring engine may declare: in the words of the plan, how changed rules take effect."""

    rules_changed: str = "the monitoring engine loads the new rules after the sync"


class Delivery(NamedTuple):
    """Facts that a delivery engine may declare: what it does with objects, in the words of the plan and of rules.

    `objects` names what delivers a system. `created` says what happens to the objects of a new system, `pruned` to
    some that are removed, `all_pruned` to those of a removed system, and `renamed` to those of a renamed system.
    """

    objects: str = "delivery objects"
    created: str = "delivery creates its objects after the merge"
    pruned: str = "delivery prunes its objects after the merge"
    all_pruned: str = "delivery prunes all its objects"
    renamed: str = "delivery creates its objects under the new name and prunes the old ones"


class Exporter(NamedTuple):
    """A module with a tuple `METRICS`. `version` is the exporter's where it is not the engine's own."""

    module: str
    version: str = ""


class Facts(NamedTuple):
    """An engine of a stage.

    `versions` are release lines (4.1 covers 4.1.2), oldest first; none: any version. `capabilities` maps a capability,
    or `capability@Mode` where the engine's mode decides, to the answer. `notice` is what a user must know before
    relying on the engine.

    `folder` is where the renderer's files lie in a unit of the tree; an engine without one renders nothing. `kinds`
    are the Kubernetes kinds that only this engine renders; `metrics` are what it exports; `scrapes` are what Prometheus
    must scrape to see them.
    `fixed` are the fields that no patch may change, by kind, as JSON pointers: they limit what an object can do.
    `place` is where a file for the whole repository lies (stage `ci`). `cron_step_is_star` tells whether the engine
    reads the day `*/2` of a cron text as a star, as robfig/cron v1 does. `package` is filled in at registration.
    """

    stage: str
    name: str
    versions: tuple[str, ...]
    default_version: str
    state: State = "maintained"
    licence_note: str = ""
    capabilities: Mapping[str, Capability] = _NO_CAPABILITIES
    notice: str = ""
    folder: str = ""
    kinds: Mapping[Kind, KindFacts] = _NO_KINDS
    metrics: tuple[Exporter, ...] = ()
    scrapes: tuple[ScrapeTarget, ...] = ()
    serving: Serving | None = None
    pipelines: Pipelines | None = None
    features: Features | None = None
    registry: Registry | None = None
    checks: Checks | None = None
    monitoring: Monitoring | None = None
    delivery: Delivery | None = None
    place: str = ""
    cron_step_is_star: bool = False
    package: str = ""
    fixed: Mapping[Kind, tuple[str, ...]] = _NO_FIXED_FIELDS

    @property
    def renderer(self) -> Renderer:
        """Import the engine's renderer."""
        return attribute(f"{self.package}.target:RENDERER", Renderer)

    @property
    def limits(self) -> Limits:
        """Import the engine's limits."""
        return attribute(f"{self.package}.limits:LIMITS", Limits)


class Renderer(NamedTuple):
    """The functions that turn Blueprints into files; an engine has the ones that its stage needs.

    `system` renders one system and `shared` the shared unit of an environment. `delivery` gets the files of
    each unit and returns the files that deliver them. `repository` renders files for the repository, named from its
    root, for a workspace and a version of mlopsctl.
    """

    system: Callable[[Blueprint], FileSet] | None = None
    shared: Callable[[Shared], FileSet] | None = None
    delivery: Callable[[Shared, Mapping[str, FileSet]], dict[str, FileSet]] | None = None
    repository: Callable[[Shared, str], FileSet] | None = None


class Limits(NamedTuple):
    """The functions that report what an engine cannot express: for one system, and for an environment."""

    system: Callable[[Blueprint], tuple[Diagnostic, ...]] | None = None
    shared: Callable[[Shared], tuple[Diagnostic, ...]] | None = None


T = TypeVar("T")


def function(address: str) -> TrafficEdit:
    """Import the function that edits traffic."""
    module, _, name = address.partition(":")
    edit: TrafficEdit = vars(import_module(module))[name]
    return edit


def attribute(address: str, kind: type[T]) -> T:
    """Import `module:name` and return the value.

    Raises TypeError for a value that is not of the kind, and what the import raises.
    """
    module, _, name = address.partition(":")
    value = vars(import_module(module)).get(name)
    if not isinstance(value, kind):
        raise TypeError(f"{address} is no {kind.__name__}")
    return value
