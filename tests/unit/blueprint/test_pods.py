"""Settings of pods: which scope and which file takes precedence, and what they leave alone."""

from __future__ import annotations

import pytest
from projects import SPEC, WORKSPACE, checked, edited, spec

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pods import PLAIN, EnvironmentVariable, Pod, Toleration, Volume
from mlopsctl.catalogue import pods as catalogue
from mlopsctl.engines import known

ON_DRIFT = spec(("onChange: true}", "onChange: true, onDrift: {cooldown: 1d, maxPerWeek: 2}}"))


def decided(own: str = "", shared: str = "", text: str = SPEC) -> Blueprint:
    text = f"{text}  pods: {own}\n" if own else text
    defaults = f"  defaults: {{pods: {shared}}}\n  environments:"
    workspace = edited(WORKSPACE, ("  environments:", defaults)) if shared else WORKSPACE
    return checked(text, only="prod", workspace=workspace).shared[0].systems[0]


def pod(blueprint: Blueprint, verb: str) -> Pod:
    return next(step.pod for pipeline in blueprint.pipelines for step in pipeline.steps if step.verb == verb)


def test_a_more_specific_scope_takes_precedence_also_over_a_nearer_file() -> None:
    blueprint = decided(
        own="{steps: {serviceAccount: own-steps, queue: own}}",
        shared="{all: {serviceAccount: all}, train: {serviceAccount: trainer}, steps: {queue: shared}}",
    )
    assert pod(blueprint, "train").service_account == "trainer"
    assert pod(blueprint, "evaluate").service_account == "own-steps"
    assert pod(blueprint, "evaluate").queue == "own"
    assert blueprint.endpoints[0].pod.service_account == "all"


def test_an_environment_takes_precedence_over_the_workspace_and_a_system_over_both() -> None:
    own_defaults = "defaults: {pods: {train: {env: {B: prod, C: prod}}}}"
    workspace = edited(
        WORKSPACE,
        ("  environments:", "  defaults: {pods: {train: {env: {A: all, B: all, C: all}}}}\n  environments:"),
        ("{namespace: ml-prod, ", f"{{{own_defaults}, namespace: ml-prod, "),
    )
    text = f"{SPEC}  pods: {{train: {{env: {{C: own}}}}}}\n"
    blueprint = checked(text, only="prod", workspace=workspace).shared[0].systems[0]
    expected = (EnvironmentVariable("A", "all"), EnvironmentVariable("B", "prod"), EnvironmentVariable("C", "own"))
    assert pod(blueprint, "train").environment == expected


def test_maps_and_lists_are_joined_and_the_nearer_value_of_a_key_wins() -> None:
    taint = "{key: pool, value: gpu}"
    blueprint = decided(
        own=f"{{train: {{env: {{A: own}}, imagePullSecrets: [own], placement: {{tolerations: [{taint}]}}}}}}",
        shared=f"{{train: {{env: {{A: shared, B: '1'}}, imagePullSecrets: [acme, own],"
        f" placement: {{tolerations: [{taint}, {{key: other}}]}}}}}}",
    )
    train = pod(blueprint, "train")
    assert train.environment == (EnvironmentVariable("A", "own"), EnvironmentVariable("B", "1"))
    assert train.pull_secrets == ("acme", "own")
    assert train.tolerations == (Toleration("pool", "gpu"), Toleration("other"))


def test_values_of_variables_keep_the_spelling_of_kubernetes() -> None:
    blueprint = decided(own="{train: {env: {ON: true, N: 3, T: {secret: hub, key: token}}}}")
    assert pod(blueprint, "train").environment == (
        EnvironmentVariable("ON", "true"),
        EnvironmentVariable("N", "3"),
        EnvironmentVariable("T", None, "hub", "token"),
    )


def test_shared_memory_has_the_path_where_libraries_look_for_it() -> None:
    blueprint = decided(own="{train: {volumes: {shm: {sharedMemory: 8Gi}}}}")
    assert pod(blueprint, "train").volumes == (Volume("shm", "shared_memory", "8Gi", "/dev/shm"),)


def test_a_step_with_rights_keeps_its_account_unless_its_own_scope_names_another() -> None:
    shared = decided(own="{all: {serviceAccount: everyone}}", text=ON_DRIFT)
    asking = [step for pipeline in shared.pipelines for step in pipeline.steps if step.permissions]
    assert asking
    assert {step.pod.service_account for step in asking} == {None}
    own = decided(own="{requestTraining: {serviceAccount: starter}}", text=ON_DRIFT)
    assert pod(own, "request-training").service_account == "starter"


def test_a_pod_of_the_engine_keeps_its_account_and_waits_in_no_queue() -> None:
    blueprint = decided(own="{steps: {serviceAccount: own, queue: batch, imagePullSecrets: [acme]}}")
    assert all(pipeline.pod == Pod(pull_secrets=("acme",)) for pipeline in blueprint.pipelines)


def test_placement_starts_no_training_and_changes_no_hash() -> None:
    plain = decided()
    placed = decided(own="{all: {labels: {a: b}, env: {A: x}}, train: {placement: {nodeSelector: {pool: gpu}}}}")
    hashes = [
        {pipeline.name: (pipeline.hash, pipeline.on_change) for pipeline in blueprint.pipelines}
        for blueprint in (plain, placed)
    ]
    assert hashes[0] == hashes[1]
    assert pod(placed, "train") != pod(plain, "train")


def test_a_pod_without_settings_is_left_out_of_the_blueprint() -> None:
    text = codec.dumps(decided())
    assert '"pod"' not in text
    assert codec.loads(text).endpoints[0].pod == PLAIN
    placed = decided(own="{train: {volumes: {shm: {sharedMemory: 8Gi}}}, endpoints: {labels: {a: b}}}")
    assert codec.loads(codec.dumps(placed)) == placed


@pytest.mark.parametrize("stage", ["pipelines", "serving"])
def test_every_engine_that_starts_pods_answers_for_every_setting(stage: str) -> None:
    """Not by silence: an engine of a package that says nothing gets a reason, too."""
    for entry in known.engines(stage):
        for field in catalogue.FIELDS:
            able = known.sets_on_pods(stage, entry.name, entry.default_version, field)
            assert able or "does not say" not in able.why, (entry.name, field)
    silent = known.sets_on_pods("monitoring", "prometheus-operator", "", "labels")
    assert not silent
    assert "does not say" in silent.why


@pytest.mark.parametrize("path", ["/opt", "/opt/mlopsctl", "/opt/mlopsctl/bin"])
def test_a_volume_cannot_hide_the_interpreter_of_the_image(path: str) -> None:
    text = f"{SPEC}  pods: {{train: {{volumes: {{data: {{claim: data, path: {path}}}}}}}}}\n"
    assert "MLC721" in checked(text, only="prod").codes
