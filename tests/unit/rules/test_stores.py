"""What only one machine can read is an error where a cluster would read it."""

from __future__ import annotations

import pytest
from projects import LOCK, SPEC, WORKSPACE, checked, edited, underlined

from mlopsctl.diagnostics.model import Diagnostic, Severity

CLUSTER = edited(
    WORKSPACE, ("prod: {namespace: ml-prod", 'prod: {cluster: "https://prod.example.com", namespace: ml-prod')
)
SHARED = {"registry": "s3://features/registry.db", "online": "{type: redis, connection: 'redis:6379', secret: redis}"}


def stack(feature_registry: str, models: str) -> str:
    chosen = (
        f"  stack:\n    features: {{engine: feast, registry: {feature_registry}, online: {SHARED['online']}}}\n"
        f"    registry: {{engine: mlflow, uri: {models}}}\n"
    )
    return edited(CLUSTER, ("  environments:\n", f"{chosen}  environments:\n"))


@pytest.mark.parametrize("address", ["data/registry.db", "file:///srv/registry.db"])
def test_a_feature_registry_in_a_file_is_an_error_under_a_cluster(address: str) -> None:
    diagnostics = checked(SPEC, workspace=stack(address, "http://mlflow:5000"), only="prod").diagnostics
    (mine,) = [diagnostic for diagnostic in diagnostics if diagnostic.code == "MLC515"]
    assert mine.severity is Severity.ERROR
    assert "the feature registry is kept in local files" in mine.message


@pytest.mark.parametrize(
    "address", ["sqlite:///srv/mlflow.db", "sqlite+pysqlite:///srv/mlflow.db", "file:///srv/mlruns"]
)
def test_a_model_registry_in_a_file_is_an_error_under_a_cluster(address: str) -> None:
    result = checked(SPEC, workspace=stack(SHARED["registry"], address), only="prod")
    (mine,) = [finding for finding in result.diagnostics if finding.code == "MLC515"]
    assert "the model registry is kept in local files" in mine.message


@pytest.mark.parametrize("address", ["http://mlflow:5000", "postgresql+psycopg2://db.example.com/mlflow"])
def test_a_shared_registry_is_no_mistake(address: str) -> None:
    assert "MLC515" not in checked(SPEC, workspace=stack(SHARED["registry"], address), only="prod").codes


@pytest.mark.parametrize("workspace", [WORKSPACE, CLUSTER], ids=["no cluster written", "cluster written"])
@pytest.mark.parametrize("field", ["uri", "snapshot"])
@pytest.mark.parametrize("candidate", [False, True])
def test_a_locked_path_is_an_error_in_every_environment_of_a_workspace(
    workspace: str, field: str, candidate: bool
) -> None:
    version = {"version": '"4"', "uri": "s3://models/card-fraud/4", "snapshot": "s3://models/4.parquet"}
    version[field] = "file:///srv/models/4"
    text = "{" + ", ".join(f"{key}: {value}" for key, value in version.items()) + "}"
    entry = f'{{version: "3", uri: s3://models/card-fraud/3, candidate: {text}}}' if candidate else text
    before, _, after = LOCK.partition("  prod:\n")
    lock = f"{before}  prod:\n    models:\n      card-fraud@champion: {entry}\n"
    assert after
    (mine,) = [
        finding for finding in checked(SPEC, workspace=workspace, lock=lock).diagnostics if finding.code == "MLC518"
    ]
    assert mine.severity is Severity.ERROR
    assert mine.path.endswith(f"{'candidate.' if candidate else ''}{field}")


def test_a_laptop_without_a_workspace_may_lock_what_it_registered() -> None:
    lock = edited(LOCK, ("  dev:", "  local:"), ("s3://models/card-fraud/3", "file:///srv/models/3"))
    assert "MLC518" not in checked(SPEC, workspace=None, lock=lock.partition("  prod:")[0]).codes


PIPELINES = "    pipelines: {engine: kfp}\n"
DEFAULT = ("features.registry", "features.online", "registry.uri")
STORES = {
    "features": {
        "features: {engine: feast}": {"features.registry", "features.online"},
        "features: {engine: feast, registry: file:///srv/r.db, online: {type: redis}}": {"features.registry"},
        "features: {engine: feast, registry: s3://features/r.db, online: {type: sqlite}}": {"features.online"},
        "features: {engine: feast, registry: s3://features/r.db}": {"features.online"},
        "features: {engine: feast, registry: s3://features/r.db, online: {type: redis}}": set(),
        "features: {engine: hopsworks}": set(),
    },
    "registry": {
        "registry: {engine: mlflow}": {"registry.uri"},
        "registry: {engine: mlflow, uri: sqlite:////srv/mlflow.db}": {"registry.uri"},
        "registry: {engine: mlflow, uri: http://mlflow:5000}": set(),
    },
}
LOCATIONS = ("workspace", "environment")


def file_stores(workspace: str, text: str = SPEC, only: str = "prod") -> list[Diagnostic]:
    """Return what is said of stores in files where no environment has a cluster."""
    assert "cluster" not in workspace
    return [each for each in checked(text, workspace=workspace, only=only).diagnostics if each.code == "MLC515"]


def workspace_with(*lines: str, location: str = "workspace") -> str:
    """Write a stack into the workspace, or into one of its environments."""
    if location == "environment":
        own = ", ".join(line.strip() for line in lines)
        return edited(WORKSPACE, ("{namespace: ml-prod,", f"{{namespace: ml-prod, stack: {{{own}}},"))
    chosen = "".join(f"    {line.strip()}\n" for line in lines)
    return edited(WORKSPACE, ("  environments:\n", f"  stack:\n{chosen}  environments:\n"))


@pytest.mark.parametrize("location", LOCATIONS)
@pytest.mark.parametrize("engine", ["argo-workflows", "kfp", "polyaxon", "kale"])
@pytest.mark.parametrize("features", ["", *STORES["features"]])
@pytest.mark.parametrize("registry", ["", *STORES["registry"]])
def test_a_written_pipeline_engine_asks_for_every_store_that_is_left_in_files(
    engine: str, features: str, registry: str, location: str
) -> None:
    pipelines = f"pipelines: {{engine: {engine}}}"
    lines = [line for line in (pipelines, features, registry) if line]
    left = STORES["features"].get(features, set(DEFAULT[:2])) | STORES["registry"].get(registry, {DEFAULT[2]})
    said = file_stores(workspace_with(*lines, location=location))

    assert len(said) == bool(left)
    for finding in said:
        assert finding.severity is Severity.ERROR
        assert {field for field in DEFAULT if f"`stack.{field}`" in finding.help} == left
    assert file_stores(workspace_with(*lines[1:], location=location)) == [], "on one machine"


@pytest.mark.parametrize("location", LOCATIONS)
def test_the_finding_points_at_the_engine_where_no_store_is_written(location: str) -> None:
    workspace = workspace_with(PIPELINES, location=location)
    (finding,) = file_stores(workspace)

    assert underlined(workspace, finding) == "kfp"


def test_stores_that_one_environment_leaves_in_files_are_an_error_in_that_environment() -> None:
    shared = [next(line for line, left in lines.items() if not left) for lines in STORES.values()]
    own = "{namespace: ml-prod, stack: {registry: {engine: mlflow, uri: file:///srv/mlruns}}, promoteFrom: dev}"
    workspace = edited(workspace_with(PIPELINES, *shared), ("{namespace: ml-prod, promoteFrom: dev}", own))

    assert [underlined(workspace, finding) for finding in file_stores(workspace)] == ["file:///srv/mlruns"]
    assert file_stores(workspace, only="dev") == []


def test_only_the_stores_that_a_step_uses_are_asked_for() -> None:
    views = SPEC.partition("  model:\n")[0]
    (finding,) = file_stores(workspace_with(PIPELINES), views)
    assert {field for field in DEFAULT if field in finding.help} == set(DEFAULT[:2]), "nothing is trained"


def test_a_stack_that_was_not_understood_is_not_judged_by_its_defaults() -> None:
    assert file_stores(workspace_with(PIPELINES, "features: {engine: feast, regstry: s3://features/r.db}")) == []


def test_default_stores_can_be_tried_out_before_a_pipeline_engine_is_chosen() -> None:
    assert file_stores(WORKSPACE) == []
    assert file_stores(workspace_with("serving: {engine: kserve}")) == []
