"""Environments: variables, engines, defaults, the lock, and the one that there is without a workspace."""

from __future__ import annotations

import pytest
from projects import LOCK, SPEC, WORKSPACE, checked, documents, edited, resolved, spec

from mlopsctl.resolve.landscape import resolve


def test_without_a_workspace_there_is_one_environment_and_the_default_stack() -> None:
    (landscape,), diagnostics = resolve(documents(SPEC, workspace=None, lock=None))
    assert diagnostics == ()
    assert landscape.environment.name == "local"
    assert landscape.workspace.name == "card-fraud"
    assert landscape.workspace.output == "generated/card-fraud"
    engines = landscape.engines
    chosen = [
        engines.features, engines.pipelines, engines.registry, engines.checks, engines.serving, engines.monitoring,
        engines.dashboards,
    ]  # fmt: skip
    assert [choice.engine for choice in chosen] == [
        "feast", "argo-workflows", "mlflow", "deepchecks", "seldon", "prometheus-operator", "grafana",
    ]  # fmt: skip
    assert engines.serving.version == "2"
    assert engines.delivery is None  # there is no repository to deliver from


def test_an_environment_replaces_an_engine_and_keeps_the_others() -> None:
    workspace = edited(
        WORKSPACE,
        ("  environments:", "  stack: {pipelines: {engine: argo-workflows, version: '3.6'}}\n  environments:"),
        ("{namespace: ml-dev}", "{namespace: ml-dev, stack: {pipelines: {engine: kfp}}}"),
    )
    dev, prod = resolved(SPEC, "dev", workspace=workspace), resolved(SPEC, "prod", workspace=workspace)
    assert (dev.engines.pipelines.engine, dev.engines.serving.engine) == ("kfp", "seldon")
    assert (prod.engines.pipelines.engine, prod.engines.pipelines.version) == ("argo-workflows", "3.6")
    assert prod.engines.delivery and prod.engines.delivery.engine == "argocd"


def test_the_order_of_environments_is_the_files() -> None:
    landscapes, _ = resolve(documents(SPEC))
    assert [landscape.environment.name for landscape in landscapes] == ["dev", "prod"]


VARIABLES = edited(
    WORKSPACE,
    ("{namespace: ml-dev}", "{namespace: ml-dev, vars: {bucket: acme-dev}}"),
    ("{namespace: ml-prod,", "{namespace: ml-prod, vars: {bucket: acme-prod},"),
)
WITH_VARIABLE = spec(("path: data/card_stats.parquet", "path: 's3://${vars.bucket}/card_stats.parquet'"))


def test_a_variable_is_filled_in_by_each_environment() -> None:
    for name in ("dev", "prod"):
        system = resolved(WITH_VARIABLE, name, workspace=VARIABLES)
        assert system.spec.data
        assert system.spec.data.sources["card_stats"].path == f"s3://acme-{name}/card_stats.parquet"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("${vars.bukcet}", "did you mean `bucket`?"),
        ("${vars.buckets}", "did you mean `bucket`?"),
        ("${HOME}", "write ${vars.name}; no other expression is replaced"),
        ("${}", "write ${vars.name}; no other expression is replaced"),
    ],
)
def test_a_variable_that_nobody_defines_is_told_once(text: str, help: str) -> None:
    finding = checked(edited(WITH_VARIABLE, ("${vars.bucket}", text)), workspace=VARIABLES).only()
    assert (finding.code, finding.help) == ("MLC115", help)


def test_a_variable_of_one_environment_is_missed_in_the_other() -> None:
    workspace = edited(VARIABLES, ("vars: {bucket: acme-prod},", ""))
    finding = checked(WITH_VARIABLE, workspace=workspace).only()
    assert (finding.code, finding.environments) == ("MLC115", ("prod",))


def test_a_variable_that_was_not_understood_is_not_missed() -> None:
    workspace = edited(VARIABLES, ("vars: {bucket: acme-prod},", "vars: {Bucket: acme-prod},"))
    assert checked(WITH_VARIABLE, workspace=workspace).codes == ["MLC112"]


def test_a_variable_in_an_override_is_filled_in_as_well() -> None:
    text = SPEC + "  overrides: {dev: {data.sources.card_stats.path: 's3://${vars.bucket}/x.parquet'}}\n"
    system = resolved(text, "dev", workspace=VARIABLES)
    assert system.spec.data
    assert system.spec.data.sources["card_stats"].path == "s3://acme-dev/x.parquet"  # type: ignore[union-attr]


def test_a_lock_entry_is_bound_to_the_alias_of_its_environment() -> None:
    before, _, after = LOCK.partition("  prod:")
    lock = before + "  prod:" + edited(after, ('version: "3"', 'version: "2"'))
    for name, version in (("dev", "3"), ("prod", "2")):
        system = resolved(SPEC, name, lock=lock)
        locked = system.endpoints["scorer"].locked
        assert locked and locked.version == version
        assert system.training and system.training.locked == locked


def test_without_a_lock_nothing_is_bound_and_a_note_says_what_to_run() -> None:
    assert resolved(SPEC, lock=None).endpoints["scorer"].locked is None
    finding = checked(SPEC, lock=None).only()
    assert (finding.code, finding.severity.word) == ("MLC501", "note")


def test_notes_are_not_told_beside_errors() -> None:
    assert checked(spec(("{min: 2, max: 8}", "{min: 9, max: 8}")), lock=None).codes == ["MLC506"]


def test_only_the_environments_that_are_asked_for_are_reported() -> None:
    text = SPEC + "  overrides: {dev: {serving.endpoints.scorer.replicas: {min: 9, max: 1}}}\n"
    assert checked(text, only="prod").codes == []
    assert checked(text, only="dev").codes == ["MLC506"]
    assert [environment.environment for environment in checked(text, only="prod").shared] == ["prod"]


def test_a_system_with_an_error_has_no_blueprint_and_the_others_have() -> None:
    other = edited(
        SPEC, ("name: card-fraud, owner", "name: wire-fraud, owner"), ("{min: 2, max: 8}", "{min: 9, max: 8}")
    )  # fmt: skip
    for name in ("card_stats", "payments", "card_activity", "inputs"):
        other = other.replace(name, f"wire_{name}")
    result = checked(SPEC, other)
    assert "MLC506" in result.codes
    assert {system.identity.system for shared in result.shared for system in shared.systems} == {"card-fraud"}


@pytest.mark.parametrize(
    "written", ["7", '"7"', "0.25", '"0.25"', "true", '"true"', "1.10", '"1.10"', "2h", "two hours", "1e3"]
)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owner: team-risk,", "owner: team-risk, description: VALUE,"),
        ("    flavor: sklearn\n", "    flavor: sklearn\n    seed: VALUE\n"),
        ("    flavor: sklearn\n", "    flavor: sklearn\n    params: {depth: VALUE}\n"),
        ("onChange: true", "onChange: VALUE"),
        ("average_precision: {min: 0.8}", "average_precision: {min: VALUE}"),
        ("ttl: 2h", "ttl: VALUE"),
        ("replicas: {min: 2, max: 8}", "replicas: {min: 2, max: VALUE}"),
    ],
)  # fmt: skip
def test_a_variable_has_the_type_of_the_field_that_it_fills(old: str, new: str, written: str) -> None:
    """The oracle is the spec with the value in its place: as written, in quotes or without, what the field takes."""
    workspace = edited(WORKSPACE, ("{namespace: ml-dev}", f"{{namespace: ml-dev, vars: {{x: {written}}}}}"))
    filled = checked(spec((old, new.replace("VALUE", "'${vars.x}'"))), workspace=workspace, only="dev")
    bare = written.strip('"')
    directly = [checked(spec((old, new.replace("VALUE", text))), only="dev") for text in (written, bare, f'"{bare}"')]
    fine = next(
        (case for case in directly if not [code for code in case.codes if code.startswith("MLC1")]), directly[0]
    )
    assert [(finding.code, finding.message) for finding in filled.diagnostics] == [
        (finding.code, finding.message) for finding in fine.diagnostics
    ]
    assert filled.shared[0].systems == fine.shared[0].systems


def test_a_number_inside_a_text_is_filled_in_as_it_is_written() -> None:
    workspace = edited(WORKSPACE, ("{namespace: ml-dev}", "{namespace: ml-dev, vars: {x: 1.10}}"))
    filled = checked(spec(("path: data/card", "path: data/${vars.x}/card")), workspace=workspace, only="dev")
    assert filled.shared[0].systems[0].features.sources[0].path == "systems/0/data/1.10/card_stats.parquet"  # type: ignore[union-attr]
