"""The engines around training and serving: features, registry, checks and the platform's own stages."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.ability import Engine, abilities, no

_FEAST: Final = abilities(
    "push on-demand services tags owner incremental freshness sources.parquet sources.csv sources.bigquery "
    "sources.snowflake sources.redshift sources.postgres sources.spark sources.trino",
    composite_keys=no("a Feast entity has exactly one key", "one column that joins the parts"),
    sql_transforms=no("Feast runs transforms as Python", "a Python function"),
    two_sources=no("a Feast view reads one offline source", "two views in one set"),
    online_ttl=no("Feast's Python server returns values older than the ttl", "alerts.freshness"),
)
_MLFLOW: Final = abilities(
    "aliases versions tags signatures",
    model_metrics=no("MLflow exports nothing about models", "checks.live"),
    stages=no("MLflow's stages are deprecated since 2.9", "an alias"),
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
    Engine("registry", "mlflow", ("2", "3"), "3", capabilities=_MLFLOW),
    Engine(
        "checks",
        "deepchecks",
        ("0.19",),
        "0.19",
        "unmaintained",
        "its last release is of December 2024 and needs scikit-learn below 1.6 (AGPL-3.0)",
        abilities("suites checks conditions data split model"),
    ),
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
