"""The Blueprint: everything decided about one system in one environment, neutral to engines.

In: nothing. Out: plain frozen values, JSON-serialisable, that targets, plans and steps read. Whatever two of them need
to agree on (a name, a port, a path, a window, a threshold) is here, once. Lengths of time are whole seconds, ratios and
thresholds are Decimal, absent things are None or empty tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from msgspec import Struct

SCHEMA = "mlopsctl.dev/blueprint/v1alpha1"

REFUSED = 3
"""The exit status of a step whose answer is no: a check failed, a gate did not hold. No engine tries it again."""

EVENT_TIME = "event_timestamp"
"""The column of a built data set that says when each row was."""


class Identity(Struct, frozen=True):
    """Who and what this is."""

    workspace: str
    system: str
    environment: str
    owner: str
    tier: int
    description: str
    protected: bool
    runbook: str | None


class Placement(Struct, frozen=True):
    """Where it runs, and where the rendered tree is committed. `path` is the unit's folder in the repository."""

    cluster: str
    namespace: str
    repository: str | None
    branch: str
    path: str


class Engine(Struct, frozen=True):
    """The engine of a stage. `settings` are the workspace's, camelCase keys, plain values."""

    name: str
    version: str
    settings: Mapping[str, Any]


class Engines(Struct, frozen=True):
    """The engine of each stage."""

    features: Engine
    pipelines: Engine
    registry: Engine
    checks: Engine
    serving: Engine
    monitoring: Engine
    dashboards: Engine
    delivery: Engine | None
    ci: Engine | None
    secrets: Engine


class Secret(Struct, frozen=True):
    """A secret that rendered objects refer to by name. `keys` are the entries it must have, none: those it has.

    A `shared` one is of the environment's stack: several systems refer to it, and it is there once.
    """

    name: str
    keys: tuple[str, ...]
    purpose: str
    shared: bool = False


# --- features -----------------------------------------------------------------------------------------------------


class Field(Struct, frozen=True):
    """A name and one of the language's column types."""

    name: str
    type: str


class Column(Struct, frozen=True):
    """A column's contract."""

    name: str
    type: str
    nullable: bool
    min: Decimal | None
    max: Decimal | None
    values: tuple[str | int, ...]
    description: str


class Entity(Struct, frozen=True):
    """A thing that features are about."""

    name: str
    key: str
    type: str
    description: str


class Source(Struct, frozen=True):
    """Where rows come from: `path` for files, else exactly one of `table` and `query`."""

    name: str
    type: str
    path: str | None
    table: str | None
    query: str | None
    warehouse: str | None
    event_time: str
    created_time: str | None
    cadence: int | None
    columns: tuple[Column, ...]
    push: bool
    description: str
    tags: Mapping[str, str]


class View(Struct, frozen=True):
    """Features of one entity, read from one source; `every` is None where it is not materialised."""

    name: str
    entity: str
    key: str
    source: str
    ttl: int
    every: int | None
    online: bool
    fields: tuple[Field, ...]
    description: str
    tags: Mapping[str, str]


class TransformInput(Struct, frozen=True):
    """An input of a transform: a view's field, or with `view` None a field of the request."""

    view: str | None
    name: str
    type: str


class Transform(Struct, frozen=True):
    """Features computed at read time by `function` (package.module:name)."""

    name: str
    function: str
    inputs: tuple[TransformInput, ...]
    fields: tuple[Field, ...]
    description: str


class SetField(Struct, frozen=True):
    """One feature of a set; `system` defines its producer, which is a view or a transform."""

    name: str
    type: str
    system: str
    producer: str
    computed: bool


class LookupView(Struct, frozen=True):
    """A view a set reads, of this system or another's, with the fields that are read."""

    system: str
    name: str
    key: str
    key_type: str
    ttl: int
    fields: tuple[Field, ...]


class FeatureSet(Struct, frozen=True):
    """The train/serve contract: `fields` in order are the model's inputs; `request` comes with the request.

    `lookups` are the views read for it, those of its transforms included; `keys` the entity keys to look up by.
    """

    name: str
    fields: tuple[SetField, ...]
    request: tuple[Field, ...]
    keys: tuple[Field, ...]
    lookups: tuple[LookupView, ...]
    transforms: tuple[str, ...]
    description: str


class Features(Struct, frozen=True):
    """What the system defines in the environment's feature project. `module` is its Python module's name."""

    project: str
    module: str
    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    views: tuple[View, ...]
    transforms: tuple[Transform, ...]
    sets: tuple[FeatureSet, ...]


# --- model and checks ---------------------------------------------------------------------------------------------


class Label(Struct, frozen=True):
    """What is learnt; known `delay` seconds after the event. `rows` is the source of the labelled rows."""

    name: str
    source: str
    column: str
    type: str
    event_time: str
    delay: int
    rows: Source


class Split(Struct, frozen=True):
    """How rows are kept back: `by` time, the newest `holdout` seconds that end `lag` seconds ago; or a random share."""

    by: Literal["time", "random"]
    holdout: int | None
    lag: int | None
    share: Decimal | None
    seed: int


class ModelVersion(Struct, frozen=True):
    """A version that the lock names. `uri` is what serving engines read."""

    version: str
    uri: str
    run: str | None
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    snapshot: str | None


class Model(Struct, frozen=True):
    """What is trained and where it is registered. Exactly one of `entrypoint` and `command` is set.

    `looks_up` says that requests carry keys and request fields, and the package finds the features; else they carry the
    model's own inputs. It is the spec's word, whether a version is locked yet or not.
    """

    task: str
    flavor: str
    features: str
    label: Label
    image: str
    entrypoint: str | None
    command: tuple[str, ...]
    params: Mapping[str, Any]
    seed: int
    split: Split
    looks_up: bool
    registered_name: str
    experiment: str
    alias: str
    tracking_uri: str | None
    served: ModelVersion | None
    tags: Mapping[str, str]


class Check(Struct, frozen=True, omit_defaults=True):
    """One check of the engine, its parameters, and its conditions by method name.

    `check` is the engine's own name of it, where `name` is one that the user gave it.
    """

    name: str
    params: Mapping[str, Any]
    conditions: Mapping[str, Mapping[str, Any]]
    check: str = ""

    @property
    def kind(self) -> str:
        """The engine's own name of it."""
        return self.check or self.name


class CheckStage(Struct, frozen=True):
    """What runs at one point of the pipeline: `data`, `split` or `model`."""

    stage: str
    suite: str | None
    checks: tuple[Check, ...]


class Gate(Struct, frozen=True):
    """Bounds on one metric. `higher_is_better` says which way `max_drop` counts."""

    metric: str
    higher_is_better: bool
    min: Decimal | None
    max: Decimal | None
    max_drop: Decimal | None


class DriftColumn(Struct, frozen=True):
    """A column that is watched for drift, by which method, up to which score; `parameter` is the step's output."""

    name: str
    type: str
    method: str
    max: Decimal
    parameter: str


class QualityMonitor(Struct, frozen=True):
    """A metric of the served model on rows whose label is known, `delay` seconds late."""

    metric: str
    higher_is_better: bool
    bound: Decimal
    delay: int


class Live(Struct, frozen=True):
    """What is watched on the served model, every `every` seconds over the last `window` seconds."""

    every: int
    window: int
    drift: tuple[DriftColumn, ...]
    quality: QualityMonitor | None


class Checks(Struct, frozen=True):
    """Suites, gates and live monitors. `contract` holds the columns of the built training set that have one."""

    stages: tuple[CheckStage, ...]
    contract: tuple[Column, ...]
    gates: tuple[Gate, ...]
    live: Live | None


# --- pipelines ----------------------------------------------------------------------------------------------------


class StepInput(Struct, frozen=True):
    """A file or folder that another step of the pipeline made."""

    name: str
    step: str
    output: str


class StepOutput(Struct, frozen=True):
    """A file or folder that a step makes; `kind` is dataset, model, metrics or report."""

    name: str
    kind: Literal["dataset", "model", "metrics", "report"]


class OutputParameter(Struct, frozen=True):
    """A short text that a step makes; `default` stands in where the step was skipped."""

    name: str
    default: str


class StepParameter(Struct, frozen=True):
    """A value handed to a step: a constant, a parameter of the pipeline, or another step's output parameter.

    Exactly one of `value`, `pipeline` and (`step`, `output`) is set.
    """

    name: str
    value: str | None = None
    pipeline: str | None = None
    step: str | None = None
    output: str | None = None


class EnvironmentVariable(Struct, frozen=True):
    """A variable of a step's process: a plain value, or a key of a secret."""

    name: str
    value: str | None = None
    secret: str | None = None
    key: str | None = None


class Resources(Struct, frozen=True):
    """Kubernetes quantities; `memory` is request and limit. A GPU is `gpu_count` of `gpu_resource`."""

    cpu: str
    memory: str
    gpu_count: int = 0
    gpu_resource: str = "nvidia.com/gpu"


class Retry(Struct, frozen=True):
    """How a step that broke is tried again: `limit` times, waiting `delay` seconds, times `factor`, at most `cap`."""

    limit: int
    delay: int
    factor: int
    cap: int


class Gauge(Struct, frozen=True):
    """A number a step leaves behind: its output parameter `parameter`, exported as `metric` with `labels`."""

    metric: str
    help: str
    labels: tuple[tuple[str, str], ...]
    parameter: str


class Step(Struct, frozen=True):
    """One container. `verb` is the word after `mlopsctl step`; `permissions` are neutral words for its rights.

    Steps of one `mutex`, of whatever pipeline, run one after another.
    """

    name: str
    verb: str
    description: str
    needs: tuple[str, ...]
    inputs: tuple[StepInput, ...]
    outputs: tuple[StepOutput, ...]
    output_parameters: tuple[OutputParameter, ...]
    parameters: tuple[StepParameter, ...]
    environment: tuple[EnvironmentVariable, ...]
    resources: Resources
    timeout: int
    retry: Retry
    gauges: tuple[Gauge, ...]
    permissions: tuple[Literal["start-pipeline", "shift-traffic"], ...]
    mutex: str | None = None


class Parameter(Struct, frozen=True):
    """A parameter of a pipeline and its default."""

    name: str
    default: str
    description: str


class Schedule(Struct, frozen=True):
    """A start by the clock: five-field cron in an IANA time zone, with the arguments that differ from the defaults."""

    name: str
    cron: str
    timezone: str
    arguments: tuple[tuple[str, str], ...]
    period: int


class Run(Struct, frozen=True):
    """One run for one content: its name carries the hash of everything that should start it."""

    name: str
    hash: str


class Pipeline(Struct, frozen=True):
    """A graph of steps, in topological order. One run at a time: `mutex`. `deadline` bounds a whole run."""

    name: str
    purpose: Literal["materialize", "train", "monitor", "rollout"]
    description: str
    image: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    schedules: tuple[Schedule, ...]
    on_change: Run | None
    mutex: str
    deadline: int
    hash: str


class StepPaths(Struct, frozen=True):
    """Where a container finds and leaves things."""

    blueprint: str = "/etc/mlopsctl/blueprint/blueprint.json"
    features: str = "/etc/mlopsctl/features"
    inputs: str = "/workspace/in"
    outputs: str = "/workspace/out"
    parameters: str = "/workspace/parameters"
    work: str = "/workspace"
    temporary: str = "/tmp"  # noqa: S108 - a path inside the container


# --- serving ------------------------------------------------------------------------------------------------------

STABLE, CANDIDATE = "stable", "candidate"
"""The halves of an endpoint, by name, for an engine that keeps both in one object."""


class Series(Struct, frozen=True):
    """A metric and its matchers (label, operator, value), as data."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...] = ()


class Histogram(Struct, frozen=True):
    """A classic histogram: its buckets' and its count's series, and the upper bounds that exist, in seconds."""

    bucket: Series
    count: Series
    bounds: tuple[Decimal, ...]


class ServedVersion(Struct, frozen=True):
    """A version as a served object of its own name."""

    name: str
    version: ModelVersion


class Rollout(Struct, frozen=True):
    """How a new version comes in. `weight` is the share of traffic, in percent, that Git gives the candidate now."""

    strategy: Literal["direct", "canary", "shadow"]
    steps: tuple[int, ...]
    pause: int
    abort_on: tuple[str, ...]
    weight: int


class Autoscale(Struct, frozen=True):
    """What the number of copies follows; `query` reads the metric where the engine itself does not."""

    metric: str
    target: Decimal
    query: Series | None


class Signals(Struct, frozen=True):
    """What tells how requests fare: each None where the engine has no such series."""

    requests: Series | None
    errors: Series | None
    latency: Histogram | None


class Endpoint(Struct, frozen=True):
    """A served model. `name` is the rendered object's; `spec_name` the one in the spec.

    `kind` is the catalogue's word for the object that counts the requests (pipeline, model, deployment, service).
    While a candidate comes in, it is served as an object of its own, `candidate_name`.
    `features` is the set looked up online (None: plain tensors). `requests` and `errors` may be None where the engine
    exports no such series, `latency` where it has no histogram.
    """

    name: str
    spec_name: str
    candidate_name: str
    kind: str
    description: str
    flavor: str
    features: str | None
    inputs: tuple[Field, ...]
    stable: ServedVersion
    candidate: ServedVersion | None
    min_replicas: int
    max_replicas: int
    autoscale: Autoscale | None
    resources: Resources
    rollout: Rollout
    requests: Series | None
    errors: Series | None
    latency: Histogram | None
    candidate_signals: Signals | None = None


# --- objectives and alerts ----------------------------------------------------------------------------------------


class Burn(Struct, frozen=True):
    """One pair of windows: it burns when both error ratios exceed `threshold` (factor x error budget)."""

    severity: Literal["page", "ticket"]
    long: str
    short: str
    factor: Decimal
    threshold: Decimal


class Slo(Struct, frozen=True):
    """An objective. `windows` are the recording rules' ranges, shortest first.

    availability: `bad` of `total`. latency: `good_bucket` (without its `le`, which is `threshold`) of `total`.
    With `of_candidate` it counts the requests of a canary alone: a rollout watches it, and nobody is told.
    """

    id: str
    name: str
    kind: Literal["availability", "latency"]
    endpoint: str
    objective: Decimal
    budget: Decimal
    window: int
    threshold: Decimal | None
    bad: Series | None
    good_bucket: Series | None
    total: Series
    windows: tuple[str, ...]
    burns: tuple[Burn, ...]
    of_candidate: bool = False


class Condition:
    """What an alert watches. `kind` says in the JSON which of the classes below it is."""

    __slots__ = ()
    kind: str


class BurnCondition(Condition, Struct, frozen=True):
    """The objective's budget burns at this severity's pace."""

    slo: str
    kind: Literal["burn"] = "burn"


class AgeCondition(Condition, Struct, frozen=True):
    """A timestamp series is older than `threshold` seconds, or absent."""

    series: Series
    threshold: int
    kind: Literal["age"] = "age"


class BoundCondition(Condition, Struct, frozen=True):
    """A gauge is on the wrong side of a bound; each value of the labels `by` alerts on its own."""

    series: Series
    operator: Literal[">", "<"]
    bound: Decimal
    by: tuple[str, ...] = ()
    kind: Literal["bound"] = "bound"


class CountCondition(Condition, Struct, frozen=True):
    """A counter of failures grew within `window` seconds; a `gauge` may fall in between, which is no failure."""

    series: Series
    window: int
    gauge: bool = False
    kind: Literal["count"] = "count"


class OverdueCondition(Condition, Struct, frozen=True):
    """A counter of successes has not grown for `window` seconds."""

    series: Series
    window: int
    kind: Literal["overdue"] = "overdue"


class ExpressionCondition(Condition, Struct, frozen=True):
    """The user's own PromQL, parsed before."""

    expression: str
    kind: Literal["expression"] = "expression"


CONDITIONS: Mapping[str, type[Condition]] = {
    "burn": BurnCondition,
    "age": AgeCondition,
    "bound": BoundCondition,
    "count": CountCondition,
    "overdue": OverdueCondition,
    "expression": ExpressionCondition,
}
"""Each condition by its kind."""


class Alert(Struct, frozen=True):
    """One alert. `labels` are complete, `source` is the spec path it comes from, `hold` is its `for`, in seconds."""

    name: str
    group: Literal["slo", "freshness", "drift", "quality", "training", "own"]
    severity: Literal["page", "ticket"]
    condition: Condition
    hold: int
    summary: str
    description: str
    labels: Mapping[str, str]
    source: str


class Route(Struct, frozen=True):
    """Who is told of one severity."""

    severity: Literal["page", "ticket"]
    kind: str
    name: str


class Monitor(Struct, frozen=True):
    """A scrape target: pods or a service in `namespace` with these labels, at this port and path.

    `port` is a name or a number. `self_signed`: the certificate cannot be verified. `honor_labels` keeps the
    exporter's own labels where the target has one of the same name. `reads` is the port that has the metrics, where
    that is another than `port`, which then only picks the pods.
    """

    name: str
    kind: Literal["pod", "service"]
    namespace: str
    selector: Mapping[str, str]
    port: str
    path: str
    scheme: Literal["http", "https"] = "http"
    self_signed: bool = False
    honor_labels: bool = False
    reads: str = ""


# --- the whole ----------------------------------------------------------------------------------------------------


class Blueprint(Struct, frozen=True):
    """One system in one environment, decided.

    `left_out` names endpoints that nothing is locked for. `feature_maps` are the ConfigMaps that together hold the
    environment's feature project: one, until it outgrows what a ConfigMap holds.
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
    feature_maps: tuple[str, ...] = ("features",)


class Shared(Struct, frozen=True):
    """What the systems of one environment share: one feature project, one delivery project, their monitors.

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
    feature_maps: tuple[str, ...] = ("features",)
    file: str = ""


# --- pieces, for who asks what a line is about -----------------------------------------------------------------------


class Part(NamedTuple):
    """One field of a piece, where the whole piece would say too much: a step's `resources`."""

    piece: Any
    field: str


class Of(NamedTuple):
    """A piece of a Blueprint, named with it where several systems stand side by side."""

    owner: Blueprint
    piece: Any
