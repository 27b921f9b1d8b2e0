"""`kind: Workspace`: the platform team's file, with engines, environments, defaults and policies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import scalars
from mlopsctl.spec.model import Resources
from mlopsctl.spec.words import (
    Duration,
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
    Uri,
    Url,
    Version,
)

Host = Annotated[
    str,
    scalars.matching(r"[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._/-]*)?", "a host", "write host:port", kind="value"),
]
Folder = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]+",
        "a folder",
        "write a folder below the repository's root, as generated",
        kind="value",
    ),
]
RequirementsFile = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]+\.(?:txt|lock)",
        "a requirements file",
        "write a file below the repository's root, as requirements.txt",
        kind="value",
    ),
]
Location = Annotated[
    str,
    scalars.matching(
        r"(?:[a-z][a-z0-9+.-]*://)?(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/:?=&@+-]+",
        "a location",
        "write a relative path or a URI such as s3://bucket/key",
        kind="value",
    ),
]
SecretName = Annotated[str, scalars.scalar(scalars.parse_secret_name, scalars.SECRET_NAME_SCHEMA)]


class OfflineStore(Section):
    """Where historical rows are joined."""

    type: Literal["file", "duckdb", "bigquery", "snowflake", "redshift", "postgres", "spark", "trino"]
    """The store."""
    connection: Host | None = None
    """Its address, where it has one."""
    database: Text | None = None
    """The database, dataset or catalogue."""
    secret: SecretName | None = None
    """The secret that holds its credentials; never the credentials themselves."""


class OnlineStore(Section):
    """Where endpoints look features up."""

    type: Literal["sqlite", "redis", "postgres", "dynamodb", "datastore", "bigtable", "snowflake"]
    """The store."""
    connection: Host | None = None
    """Its address, where it has one."""
    database: Text | None = None
    """The database, project or region."""
    secret: SecretName | None = None
    """The secret that holds its credentials; never the credentials themselves."""


class Feast(Section):
    """Feast keeps the features."""

    engine: Literal["feast"]
    """The engine."""
    version: Version = "0.67"
    """Its version."""
    registry: Location = "data/registry.db"
    """Feast's registry: a path or a URI."""
    project: Identifier | None = None
    """The Feast project; by default the workspace's name and the environment's."""
    offline: OfflineStore = OfflineStore.model_construct(type="file", connection=None, database=None, secret=None)
    """Where historical rows are joined."""
    online: OnlineStore = OnlineStore.model_construct(type="sqlite", connection=None, database=None, secret=None)
    """Where endpoints look features up."""
    server: Host | None = None
    """The feature server that endpoints ask, host:port; by default feast-server in the environment's namespace."""


class S3(Section):
    """An S3 bucket, or a store that speaks the same language."""

    bucket: Annotated[
        str,
        scalars.matching(
            r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            "a bucket",
            "use lower-case letters, digits, `-` and `.`",
            kind="value",
        ),
    ]
    """The bucket."""
    endpoint: Host = "s3.amazonaws.com"
    """The store's address."""
    region: Label | None = None
    """The bucket's region."""
    secret: SecretName | None = None
    """The secret with the keys `accessKey` and `secretKey`; left out, the pod's own identity is used."""


class Gcs(Section):
    """A Google Cloud Storage bucket."""

    bucket: Annotated[
        str,
        scalars.matching(
            r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]",
            "a bucket",
            "use lower-case letters, digits, `-`, `_` and `.`",
            kind="value",
        ),
    ]
    """The bucket."""
    secret: SecretName | None = None
    """The secret with the key `serviceAccountKey`; left out, the pod's own identity is used."""


class Artifacts(Section):
    """Where steps hand files to each other; left out, the engine's own default repository is used."""

    s3: S3 | None = None
    """An S3 bucket."""
    gcs: Gcs | None = None
    """A Google Cloud Storage bucket."""


class ArgoWorkflows(Section):
    """Argo Workflows runs the pipelines."""

    engine: Literal["argo-workflows"]
    """The engine."""
    version: Version = "4.1"
    """Its version."""
    service_account: Label | None = None
    """An existing service account; left out, one with the least rights is rendered."""
    artifacts: Artifacts = Artifacts.model_construct(s3=None, gcs=None)
    """Where steps hand files to each other."""


class Kfp(Section):
    """Kubeflow Pipelines runs the pipelines."""

    engine: Literal["kfp"]
    """The engine."""
    version: Version = "2.17"
    """Its version."""
    endpoint: Url = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"
    """The API that schedules ask to start a run."""
    service_account: Label | None = None
    """An existing service account; left out, one with the least rights is rendered."""


class Mlflow(Section):
    """MLflow tracks runs and registers models."""

    engine: Literal["mlflow"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    uri: Uri | None = None
    """The tracking server; left out, a store beside the spec is used."""
    secret: SecretName | None = None
    """The secret with the keys `username` and `password`, where the server asks for them."""


class Deepchecks(Section):
    """Deepchecks runs the checks."""

    engine: Literal["deepchecks"]
    """The engine."""
    version: Version = "0.19"
    """Its version."""


class Seldon(Section):
    """Seldon Core serves."""

    engine: Literal["seldon"]
    """The engine."""
    version: Version = "2"
    """1 or 2."""
    secret: SecretName | None = None
    """The secret that lets it read model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""


class KServe(Section):
    """KServe serves."""

    engine: Literal["kserve"]
    """The engine."""
    version: Version = "0.20"
    """Its version."""
    mode: Literal["Standard", "Knative"] = "Standard"
    """Plain deployments, or Knative revisions."""
    service_account: Label | None = None
    """The service account that may read model artifacts."""
    prometheus: Url = "http://prometheus-operated.monitoring.svc:9090"
    """The Prometheus that autoscaling and rollouts ask."""


class MLServer(Section):
    """MLServer alone serves, on a laptop."""

    engine: Literal["mlserver"]
    """The engine."""
    version: Version = "1.7"
    """Its version."""


class PrometheusOperator(Section):
    """Prometheus watches, through the operator's resources."""

    engine: Literal["prometheus-operator"]
    """The engine."""
    version: Version = "0.93"
    """Its version."""
    labels: dict[Label, LabelValue] = {}
    """Labels the operator selects rules and monitors by."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


class Prometheus(Section):
    """Prometheus watches, through plain rule files."""

    engine: Literal["prometheus"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


class Grafana(Section):
    """Grafana shows dashboards."""

    engine: Literal["grafana"]
    """The engine."""
    version: Version = "12"
    """Its version."""
    folder: Text = "mlops"
    """The folder dashboards are put in."""
    labels: dict[Label, LabelValue] = {"dashboards": "grafana"}
    """Labels of the Grafana instance that the operator picks."""


class ArgoCD(Section):
    """Argo CD delivers."""

    engine: Literal["argocd"]
    """The engine."""
    version: Version = "3.5"
    """Its version."""
    project: Label | None = None
    """The AppProject; by default the workspace's name."""
    namespace: Label = "argocd"
    """The namespace Argo CD runs in."""


class Ci(Section):
    """What checks pull requests."""

    engine: Literal["github", "bitbucket"]
    """The engine."""
    requirements: RequirementsFile | None = None
    """A requirements file with hashes that installs mlopsctl, from the repository's root; left out, the version that
    rendered is installed."""


class SecretStore(Section):
    """The store that ExternalSecrets read."""

    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    """The store's kind."""
    name: Label
    """The store's name."""


class ExternalSecrets(Section):
    """The External Secrets operator fetches secrets."""

    engine: Literal["external-secrets"]
    """The engine."""
    store: SecretStore
    """Where secrets are fetched from."""
    prefix: Location = ""
    """Put before each secret's name in the store."""


class ExistingSecrets(Section):
    """Secrets are in the namespace already."""

    engine: Literal["existing"]
    """The engine."""


class Stack(Section):
    """One engine a stage."""

    features: Annotated[Feast, Field(discriminator=None)] | None = None
    """The feature store."""
    pipelines: Annotated[ArgoWorkflows | Kfp, Field(discriminator="engine")] | None = None
    """What runs the steps."""
    registry: Mlflow | None = None
    """Where models are registered."""
    checks: Deepchecks | None = None
    """What checks data and models."""
    serving: Annotated[Seldon | KServe | MLServer, Field(discriminator="engine")] | None = None
    """What serves models."""
    monitoring: Annotated[PrometheusOperator | Prometheus, Field(discriminator="engine")] | None = None
    """What watches."""
    dashboards: Grafana | None = None
    """What shows."""
    delivery: ArgoCD | None = None
    """What applies the rendered tree."""
    ci: Ci | None = None
    """What checks pull requests."""
    secrets: Annotated[ExternalSecrets | ExistingSecrets, Field(discriminator="engine")] | None = None
    """Where secrets come from."""


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
    ] = "https://kubernetes.default.svc"
    """The cluster's API address, or its name in Argo CD."""
    namespace: Label = "default"
    """The namespace everything is rendered for."""
    vars: dict[Identifier, Text] = {}
    """Values for ${vars.name} in specs."""
    stack: Stack = Stack.model_construct()
    """Engines that differ here; an engine named here replaces the workspace's."""
    promote_from: Reference | None = None
    """The environment a version is promoted from."""
    protect: bool = False
    """Whether what is a warning elsewhere is an error here: mutable images, missing lock entries."""


class Defaults(Section):
    """What a system gets where its spec is silent."""

    image: Image | None = None
    """The image that the steps of a system without a model run in."""
    resources: Resources | None = None
    """What a step asks for."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a step that broke is tried again."""
    timeout: Duration = scalars.Duration(4 * 3_600_000)
    """How long a step may take."""
    routes: dict[Severity, Route] = {}
    """Who is told, by severity."""
    runbook: Url | None = None
    """Where the person who is told finds what to do."""


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
