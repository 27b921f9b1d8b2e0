"""Overrides: what an environment may say differently, and how a wrong path is named."""

from __future__ import annotations

import pytest
from projects import SPEC, checked, resolved, spec, underlined


def overridden(*lines: str, environment: str = "dev") -> str:
    return SPEC + f"  overrides:\n    {environment}:\n" + "".join(f"      {line}\n" for line in lines)


def test_a_partial_replaces_what_stands_at_its_path_in_its_environment_alone() -> None:
    text = overridden("serving.endpoints.scorer.replicas: {min: 1, max: 1}", "model.timeout: 2h")
    dev, prod = resolved(text, "dev"), resolved(text, "prod")
    assert (dev.endpoints["scorer"].spec.replicas.min, dev.endpoints["scorer"].spec.replicas.max) == (1, 1)
    assert (prod.endpoints["scorer"].spec.replicas.min, prod.endpoints["scorer"].spec.replicas.max) == (2, 8)
    assert dev.spec.model and str(dev.spec.model.timeout) == "2h"
    assert prod.spec.model and prod.spec.model.timeout is None


def test_null_removes() -> None:
    text = overridden("model.retrain.schedule: null", "checks.live.drift: null", "alerts.drift: null")
    dev = resolved(text, "dev")
    assert dev.spec.model and dev.spec.model.retrain.schedule is None
    assert dev.spec.checks and dev.spec.checks.live and dev.spec.checks.live.drift is None


def test_a_key_of_the_language_that_the_spec_does_not_use_may_be_set() -> None:
    dev = resolved(overridden("model.resources.gpu: {count: 2}"), "dev")
    assert dev.spec.model and dev.spec.model.resources.gpu and dev.spec.model.resources.gpu.count == 2


def test_a_thing_may_be_added_under_a_name() -> None:
    dev = resolved(overridden("alerts.slos.slow: {endpoint: scorer, objective: 99%, window: 7d}"), "dev")
    assert dev.spec.alerts and "slow" in dev.spec.alerts.slos


WRONG = [
    ("modl.timeout: 1h", "names `modl`, which is not a section of the spec", "did you mean `model`?"),
    ("spec.model.timeout: 1h", "names `spec`, which is not a section of the spec", "remove `spec.`"),
    ("model.timout: 1h", "names `timout`, which `model` does not have", "did you mean `timeout`?"),
    ("checks.live.drft: null", "names `drft`, which `checks.live` does not have", "did you mean `drift`?"),
    ("serving.endpoints.x.model: a", "names `x`, which `serving.endpoints` does not have", "there is only `scorer`"),
    ("overrides.prod: {}", "names `overrides`, which is not a section of the spec", ""),
    ("output: elsewhere", "names `output`, which is not a section of the spec", ""),
    ("model.task.x: 1", "names `x`, which `model.task` does not have", ""),
    ("model.seed: null", "removes `model.seed`, which does not exist", "remove this line"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said", "help"), WRONG, ids=[line for line, _, _ in WRONG])
def test_a_path_that_is_not_there_is_named_by_the_word_that_leaves_the_spec(line: str, said: str, help: str) -> None:
    text = overridden(line)
    finding = checked(text).only()
    assert finding.code == "MLC116"
    assert finding.message == f"the override for `dev` {said}"
    assert finding.environments == ("dev",)
    assert underlined(text, finding) == line.partition(":")[0]
    assert not help or finding.help == help


def test_a_wrong_value_is_underlined_in_the_override_and_held_to_its_environment() -> None:
    text = overridden("serving.endpoints.scorer.replicas: {min: many}")
    finding = checked(text).only()
    assert (finding.code, finding.environments) == ("MLC103", ("dev",))
    assert underlined(text, finding) == "many"


def test_a_rule_that_an_override_breaks_is_told_of_its_environment() -> None:
    text = overridden("serving.endpoints.scorer.replicas: {min: 9, max: 1}")
    finding = checked(text).only()
    assert (finding.code, finding.environments) == ("MLC506", ("dev",))


def test_what_holds_in_every_environment_names_none() -> None:
    assert checked(spec(("{min: 2, max: 8}", "{min: 9, max: 8}"))).only().environments == ()


def test_what_a_lost_override_would_have_changed_is_not_told_in_its_environment() -> None:
    text = spec(("metric: rps", "metric: cpu")) + "  overrides: {dev: {servng.endpoints.scorer.autoscale: null}}\n"
    result = checked(text)
    assert sorted(result.codes) == ["MLC116", "MLC507"]
    assert next(finding for finding in result.diagnostics if finding.code == "MLC507").environments == ()
