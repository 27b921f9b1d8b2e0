from __future__ import annotations

import pytest

from mlopsctl.catalogue.stages import STAGES
from mlopsctl.engines.known import covers, engine, engines, supports

ALL = [(stage, entry) for stage in STAGES for entry in engines(stage)]


@pytest.mark.parametrize(("stage", "entry"), ALL, ids=lambda each: getattr(each, "name", each))
def test_every_entry_covers_its_own_default_and_explains_what_it_cannot(stage: str, entry: object) -> None:
    from mlopsctl.engines.base import Facts

    assert isinstance(entry, Facts)
    assert entry.stage == stage
    assert covers(entry, entry.default_version)
    assert entry.capabilities
    for name, ability in entry.capabilities.items():
        assert ability or ability.why, name
        assert not ability.why.endswith("."), name


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_engines(stage: str) -> None:
    assert engines(stage)


@pytest.mark.parametrize("stage", ["pipelines", "monitoring", "ci", "serving"])
def test_the_engines_of_a_stage_answer_for_the_same_abilities(stage: str) -> None:
    def base(names: object) -> set[str]:
        """Leave out refinements of an ability: an engine states them where they differ from it."""
        refined = ("latency.", "error-ratio.", "pods.")
        return {name.partition("@")[0] for name in names if not any(word in name for word in refined)}  # type: ignore[attr-defined]

    words = [base(entry.capabilities) for entry in engines(stage)]
    optional = {"cache", "pod-gc", "read-only-root"}

    assert all(each - optional == words[0] - optional for each in words)


def test_a_patch_release_belongs_to_its_line() -> None:
    argo = engine("pipelines", "argo-workflows")
    assert argo is not None

    assert covers(argo, "4.1.2")
    assert not covers(argo, "3.5")
    assert not covers(argo, "4")


def test_seldon_is_found_by_its_generation() -> None:
    seldon1, two = engine("serving", "seldon", "1"), engine("serving", "seldon", "2.10")
    assert seldon1 is not None
    assert two is not None

    assert (seldon1.versions, two.versions) == (("1",), ("2",))
    assert two.state == "proprietary"
    assert "licence" in two.licence_note


def test_an_engine_of_another_stage_is_not_found() -> None:
    assert engine("pipelines", "seldon") is None
    assert not supports("pipelines", "seldon", "2", "mutex")


def test_a_bare_seldon_2_model_cannot_have_a_latency_objective() -> None:
    answer = supports("serving", "seldon", "2", "latency.model")

    assert not answer
    assert answer.instead
    assert supports("serving", "seldon", "2", "latency.pipeline")


def test_kserve_mirrors_nothing_and_tells_no_errors() -> None:
    assert not supports("serving", "kserve", "0.20", "shadow")
    assert not supports("serving", "kserve", "0.20", "error-ratio")


def test_canaries_of_kserves_standard_mode_came_with_0_20() -> None:
    old = supports("serving", "kserve", "0.19", "canary", "Standard")

    assert not old
    assert "0.20" in old.why
    assert supports("serving", "kserve", "0.20", "canary", "Standard")
    assert supports("serving", "kserve", "0.19", "canary", "Knative")


def test_kserves_mode_decides_what_it_scales_on() -> None:
    assert supports("serving", "kserve", "0.20", "autoscale.cpu", "Standard")
    assert not supports("serving", "kserve", "0.20", "autoscale.cpu", "Knative")
    assert supports("serving", "kserve", "0.20", "autoscale.rps", "Knative")
    assert not supports("serving", "kserve", "0.20", "autoscale.rps", "Standard")


@pytest.mark.parametrize("ability", ["mutex", "archive", "gauges", "pod-gc"])
def test_kfp_lacks_what_belongs_to_a_whole_run(ability: str) -> None:
    assert supports("pipelines", "argo-workflows", "4.1", ability)
    assert not supports("pipelines", "kfp", "2.17", ability)


@pytest.mark.parametrize(
    ("ability", "version", "older"), [("deadline", "2.17", "2.16"), ("run-as-user", "2.16", "2.15")]
)
def test_kfp_learnt_a_deadline_and_users_in_later_versions(ability: str, version: str, older: str) -> None:
    assert supports("pipelines", "kfp", version, ability)
    assert not supports("pipelines", "kfp", older, ability)


def test_a_misspelt_ability_is_a_bug_and_says_so() -> None:
    with pytest.raises(KeyError):
        supports("serving", "seldon", "2", "canarry")
