"""The engines around training and serving: features, registry, checks and the platform's own stages."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import Engine, abilities, no

_FEAST: Final = abilities(
    "push on-demand lookup offline-only ttl-a-view services tags owner incremental freshness sources.parquet "
    "sources.csv sources.bigquery sources.snowflake sources.redshift sources.postgres sources.spark sources.trino",
    composite_keys=no("a Feast entity has exactly one key", "one column that joins the parts"),
    sql_transforms=no("Feast runs transforms as Python", "a Python function"),
    two_sources=no("a Feast view reads one offline source", "two views in one set"),
    online_ttl=no("Feast's Python server returns values older than the ttl", "alerts.freshness"),
)
_HOPSWORKS: Final = abilities(
    "services incremental composite-keys online-ttl sources.parquet sources.csv sources.bigquery sources.snowflake "
    "sources.redshift sources.postgres",
    push=no("rows come into a feature group through the steps alone", "a source that the steps read"),
    on_demand=no(
        "Hopsworks computes a feature of a request when rows are inserted, and a source's rows have no request",
        "the steps, which compute it for training",
    ),
    lookup=no("a served model asks a Feast feature server", "plain tensors, or feast"),
    offline_only=no("Hopsworks joins what was inserted, and reads no source", "features.views.<view>.materialize"),
    ttl_a_view=no("a feature view has one largest age for all that it joins", "one ttl for the views of a set"),
    tags=no("a tag of Hopsworks has a schema that an administrator makes first", "the group's description"),
    owner=no("a feature group has no owner", "the group's description"),
    freshness=no("Hopsworks exports no age of a feature", "the steps, which report it"),
    sources__spark=no("the Python client reads no Spark catalogue", "bigquery, snowflake, redshift, postgres or files"),
    sources__trino=no("Hopsworks has no connector for Trino", "bigquery, snowflake, redshift, postgres or files"),
    sql_transforms=no("a transformation is Python", "a Python function"),
    two_sources=no("a feature group reads one source", "two views in one set"),
)
_MLFLOW: Final = abilities(
    "aliases served versions tags signatures artifacts",
    model_metrics=no("MLflow exports nothing about models", "checks.live"),
    stages=no("MLflow's stages are deprecated since 2.9", "an alias"),
)
_NEPTUNE: Final = abilities(
    "versions tags",
    aliases=no("to Neptune it is a field of each run, and two can have the same", "mlops.lock"),
    served=no("Neptune's clients write, and do not say which version an alias names", "mlops.lock"),
    signatures=no("a run has no signature of its model", "the tag mlopsctl.signature"),
    artifacts=no("files of a run have no address that a serving engine reads", "mlflow"),
    model_metrics=no("Neptune exports nothing to Prometheus", "checks.live"),
    stages=no("the model registry of generation 2 is deprecated, and generation 3 has none", "an alias"),
)
_NEPTUNE_END: Final = (
    "the hosted Neptune was shut down on 5 March 2026, and only self-hosted installations under a licence remain: "
    "MLflow is the maintained alternative"
)
_GX: Final = abilities(
    "checks data",
    suites=no("Great Expectations has no suites of its own: a suite is what one writes", "single checks"),
    conditions=no("an expectation is its own condition", "its params, as mostly or max_value"),
    split=no("Great Expectations looks at one table, and compares no two", "deepchecks"),
    model=no("Great Expectations looks at data, and at no model", "deepchecks"),
    drift=no("Great Expectations knows drift by KL divergence from a committed histogram alone", "deepchecks"),
)
_ETIQ: Final = abilities(
    "checks data split model",
    suites=no("Etiq has scans and no suites", "single scans"),
    conditions=no("a scan has thresholds, and no conditions beside them", "params.thresholds"),
    drift=no("no step can run Etiq beside its own libraries", "scan_drift_metrics below checks.split"),
)
_ETIQ_STATE: Final = (
    "Etiq is proprietary and has had no release since August 2024: the library is the user's own to install"
)
_RULES: Final = "rules burn-rates recordings tests routes"
_OPERATOR: Final = abilities(f"{_RULES} objects monitors")
_PLAIN: Final = abilities(
    _RULES,
    objects=no("plain Prometheus reads files", "prometheus-operator"),
    monitors=no("plain Prometheus is told its targets in its own configuration", "prometheus-operator"),
)
_ARGOCD: Final = abilities(
    "waves prune self-heal ignore-differences health-checks hooks server-side-apply app-projects",
    training_in_hooks=no("a hook blocks every later sync until it ends", "the -runs application"),
)
_GITHUB: Final = abilities("validate render compare comment reviewers")
_BITBUCKET: Final = abilities(
    "validate render compare",
    comment=no("a pipeline may not comment on a pull request", "the report beside it holds the plan"),
    reviewers=no("a pipeline may not ask for a review", "the report names the owners"),
)

ENGINES: Final = (
    Engine("features", "feast", ("0.66", "0.67"), "0.67", capabilities=_FEAST),
    Engine("features", "hopsworks", ("5.2",), "5.2", capabilities=_HOPSWORKS),
    Engine("registry", "mlflow", ("2", "3"), "3", capabilities=_MLFLOW),
    Engine("registry", "neptune", ("2", "3"), "3", "unmaintained", "", _NEPTUNE, _NEPTUNE_END),
    Engine(
        "checks",
        "deepchecks",
        ("0.19",),
        "0.19",
        "unmaintained",
        "its last release is of December 2024 and needs scikit-learn below 1.6 (AGPL-3.0)",
        abilities("suites checks conditions data split model drift"),
    ),
    Engine("checks", "great-expectations", ("1.24",), "1.24", capabilities=_GX),
    Engine("checks", "etiq", ("1.6",), "1.6", "proprietary", "Etiq has a licence of its own", _ETIQ, _ETIQ_STATE),
    Engine("monitoring", "prometheus-operator", ("0.93",), "0.93", capabilities=_OPERATOR),
    Engine("monitoring", "prometheus", ("2", "3"), "3", capabilities=_PLAIN),
    Engine(
        "dashboards",
        "grafana",
        ("11", "12", "13"),
        "12",
        licence_note="Grafana is under the AGPL-3.0",
        capabilities=abilities("json config-map operator"),
    ),
    Engine("delivery", "argocd", ("3.3", "3.4", "3.5"), "3.5", capabilities=_ARGOCD),
    Engine("ci", "github", (), "", capabilities=_GITHUB),
    Engine("ci", "bitbucket", (), "", capabilities=_BITBUCKET),
    Engine("secrets", "external-secrets", (), "", capabilities=abilities("fetch")),
    Engine(
        "secrets",
        "existing",
        (),
        "",
        capabilities=abilities(fetch=no("nothing fetches them", "create them in the namespace")),
    ),
)
