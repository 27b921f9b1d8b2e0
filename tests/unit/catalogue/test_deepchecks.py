from __future__ import annotations

import pytest

from mlopsctl.engines.deepchecks.checks import check, checks, fits, runnable, suite, suites


def test_the_suites_of_the_language_are_there_in_the_order_of_the_pipeline() -> None:
    stages = {name: suite.stage for name, suite in suites().items()}

    assert stages["data_integrity"] == "data"
    assert stages["train_test_validation"] == "split"
    assert stages["model_evaluation"] == "model"


def test_a_check_knows_its_conditions_and_their_parameters() -> None:
    definition = check("WeakSegmentsPerformance")
    assert definition is not None
    condition = definition.conditions["add_condition_segments_relative_performance_greater_than"]

    assert condition["max_ratio_change"].default == 0.2
    assert not condition["max_ratio_change"].required
    assert definition.params["n_top_features"].takes(5)


def test_a_condition_without_a_default_is_required() -> None:
    definition = check("SingleDatasetPerformance")
    assert definition is not None

    assert definition.conditions["add_condition_greater_than"]["threshold"].required


def test_weak_segments_are_broken_for_regression_and_left_out_of_the_suite() -> None:
    definition = check("WeakSegmentsPerformance")
    assert definition is not None

    assert "regression" in definition.broken
    assert "WeakSegmentsPerformance" not in runnable("model_evaluation", "regression")
    assert "WeakSegmentsPerformance" in runnable("model_evaluation", "binary-classification")


def test_checks_of_one_task_are_left_out_for_others() -> None:
    assert "RegressionErrorDistribution" not in runnable("model_evaluation", "binary-classification")
    assert "RocReport" not in runnable("model_evaluation", "regression")
    assert runnable("no_such_suite", "regression") == ()


def test_a_check_runs_where_what_it_needs_has_been_made() -> None:
    drift, nulls = check("FeatureDrift"), check("PercentOfNulls")
    assert drift is not None
    assert nulls is not None

    assert [stage for stage in ("data", "split", "model") if fits(drift, stage)] == ["split", "model"]
    assert [stage for stage in ("data", "split", "model") if fits(nulls, stage)] == ["data", "split", "model"]


def test_a_deprecated_check_names_its_successor() -> None:
    definition = check("TrainTestFeatureDrift")
    assert definition is not None

    assert definition.deprecated == "FeatureDrift"
    assert all(each.deprecated in checks() for each in checks().values() if each.deprecated)


def test_suites_name_only_checks_that_exist_and_are_current() -> None:
    for check_suite in suites().values():
        for name in check_suite.checks:
            assert not checks()[name].deprecated
            assert check_suite.name in checks()[name].suites


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("n_top_features", 5, True),
        ("n_top_features", None, True),
        ("n_top_features", "five", False),
        ("n_top_features", True, False),
        ("segment_minimum_size_ratio", 1, True),
        ("segment_minimum_size_ratio", 0.05, True),
        ("columns", ["a", "b"], True),
        ("columns", {"a": 1}, False),
        ("loss_per_sample", [0.1], False),
    ],
)
def test_a_parameter_takes_values_of_its_own_types(name: str, value: object, taken: bool) -> None:
    definition = check("WeakSegmentsPerformance")
    assert definition is not None

    assert definition.params[name].takes(value) is taken


def test_an_unknown_name_is_not_found() -> None:
    assert check("NoSuchCheck") is None
    assert suite("no_such_suite") is None
