"""Etiq's configuration and its runner: sections that it has, measures it knows, and nothing that it would leave out."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from projects import checked, spec, underlined
from scans import CHANGES, blueprint

from mlopsctl.diagnostics.model import Severity
from mlopsctl.engines.etiq.scans import PICKS, SCANS, UNUSABLE
from mlopsctl.engines.etiq.target import render


def configuration(*changes: tuple[str, str]) -> dict[str, Any]:
    contents = {str(file.path): file.content for file in render(blueprint(*changes))}
    return dict(json.loads(contents["config.json"]))


def test_the_configuration_describes_the_columns_and_has_a_section_a_scan() -> None:
    assert configuration() == {
        "dataset": {
            "label": "is_fraud",
            "train_valid_test_splits": [0.0, 1.0, 0.0],
            "cat_col": ["country"],
            "cont_col": ["txn_count_1h", "amount"],
        },
        "scan_data_issues": {"search_for_missing_features": True},
        "scan_drift_metrics": {
            "drift_measures": ["psi", "jensen_shannon"],
            "thresholds": {"psi": [0.0, 0.15], "jensen_shannon": [0.0, 0.2]},
        },
        "scan_accuracy_metrics": {"metric_filter": ["accuracy"], "thresholds": {"accuracy": [0.8, 1.0]}},
    }


def test_the_runner_is_a_module_with_a_function_for_each_stage_that_calls_each_scan_once() -> None:
    text = next(file.content for file in render(blueprint()) if file.path == "run.py")
    tree = ast.parse(text)
    functions = {statement.name: statement for statement in tree.body if isinstance(statement, ast.FunctionDef)}
    assert list(functions) == ["open_project", "dataset", "data", "split", "model"]
    called = [node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")]
    for scan in configuration():
        assert scan == "dataset" or called.count(scan) == 1
    assert called.index("disable_telemetry") < called.index("open")


def test_a_system_without_scans_renders_nothing() -> None:
    system = blueprint()
    assert system.checks
    assert len(render(replace(system, checks=replace(system.checks, stages=())))) == 0


def test_the_same_blueprint_gives_the_same_bytes() -> None:
    assert render(blueprint()).digest() == render(blueprint()).digest()


REFUSED = [
    (("accuracy: [0.8, 1.0]", "recall: [0.8, 1.0]"), "MLC856", "recall"),
    (("accuracy: [0.8, 1.0]", "accuracy: [1.0, 0.8]"), "MLC856", "accuracy"),
    (("accuracy: [0.8, 1.0]", "accuracy: 0.8"), "MLC856", "0.8"),
    (("accuracy: [0.8, 1.0]", "accuracy: [true, false]"), "MLC856", "accuracy"),
    (("psi: [0.0, 0.15]", "kolmogorov_smirnov: [0.05, 1.0]"), "MLC856", "kolmogorov_smirnov"),
    (("0.2]}}}}}", "0.2]}, drift_measures: [psi, ks]}}}}"), "MLC856", "ks"),
    (("psi: [0.0, 0.15], jensen_shannon: [0.0, 0.2]", ""), "MLC856", ""),
    (("0.2]}}}}}", "0.2]}, drift_measures: [psi]}}}}"), "MLC856", "jensen_shannon"),
    (("0.2]}}}}}", "0.2]}, features: [amount, amont]}}}}"), "MLC857", "amont"),
    (("data: {checks", "data: {suite: data_integrity, checks"), "MLC857", "data_integrity"),
    (("features: true}}}}", "features: true}, conditions: {a: {b: 1}}}}}"), "MLC857", "conditions"),
    (("scan_data_issues: {params", "One: {check: scan_data_issues}, scan_data_issues: {params"), "MLC857", "scan_data"),
    (("window: 1d\n", "window: 1d\n      drift: {numerical: {method: psi, max: 0.2}}\n"), "MLC858", "drift"),
    (("scan_data_issues", "scan_data_isues"), "MLC411", "scan_data_isues"),
    (("scan_data_issues", "scan_bias_metrics"), "MLC411", "scan_bias_metrics"),
    (("search_for_missing_features: true", "search_for_missing_features: 1"), "MLC411", "1"),
    (("split: {checks: {scan_drift_metrics", "split: {checks: {scan_accuracy_metrics"), "MLC412", "scan_accuracy"),
]


@pytest.mark.parametrize(("change", "code", "words"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_it_cannot_do_names_the_field(change: tuple[str, str], code: str, words: str) -> None:
    text = spec(*CHANGES, change)
    diagnostics = [finding for finding in checked(text, only="prod").diagnostics if finding.code == code]
    assert diagnostics
    assert underlined(text, diagnostics[0]).startswith(words)


def test_a_model_of_another_task_is_refused() -> None:
    regression = (
        ("task: binary-classification", "task: regression"),
        ("is_fraud: {type: bool}", "is_fraud: {type: float64}"),
        ("average_precision: {min: 0.8}", "mae: {max: 3}"),
        ("quality: {metric: average_precision, min: 0.7}", "quality: {metric: mae, max: 3}"),
    )
    result = checked(spec(*CHANGES, *regression), only="prod")
    assert "MLC857" in result.codes


def test_an_input_that_no_scan_looks_at_is_a_warning() -> None:
    moment = (
        ("country: string}", "country: timestamp}"),
        ("          country: {type: string}", "          country: {type: timestamp}"),
    )
    (diagnostic,) = [
        each for each in checked(spec(*CHANGES, *moment), only="prod").diagnostics if each.code == "MLC857"
    ]
    assert diagnostic.severity is Severity.WARNING
    assert "`country`" in diagnostic.message


def test_nobody_is_told_of_what_the_spec_does_not_ask_for() -> None:
    assert set(checked(spec(*CHANGES)).codes) == {"MLC517", "MLC859"}


def test_the_tables_name_no_scan_twice_and_pick_measures_by_keys_that_the_scan_has() -> None:
    assert not SCANS.keys() & UNUSABLE.keys()
    for scan, key in PICKS.items():
        assert key in SCANS[scan].params
        assert SCANS[scan].measures


@given(st.text())
def test_a_hostile_name_comes_back_as_it_was(name: str) -> None:
    system = blueprint()
    assert system.model
    model = replace(system.model, label=replace(system.model.label, column=name))
    try:
        files = {str(file.path): file.content for file in render(replace(system, model=model))}
    except ValueError:
        assert any(0xD800 <= ord(letter) < 0xE000 for letter in name)
        return
    assert json.loads(files["config.json"])["dataset"]["label"] == name
    texts = [node.value for node in ast.walk(ast.parse(files["run.py"])) if isinstance(node, ast.Constant)]
    assert name in texts
