"""The names the catalogue gives to types, metrics of tasks and flavors, against the libraries themselves."""

from __future__ import annotations

import importlib
import json

import pytest

from mlopsctl.catalogue.flavors import FLAVORS
from mlopsctl.catalogue.tasks import TASKS, metrics_of
from mlopsctl.catalogue.types import COLUMN_TYPES

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
SCALARS = [each for each in COLUMN_TYPES.values() if not each.is_array]
ALL = list(COLUMN_TYPES.values())
HOW = "is not installed: run `make test`"


def library(name: str) -> object:
    return pytest.importorskip(name, reason=f"{name} {HOW}", exc_type=ImportError)


@pytest.mark.parametrize("task", TASKS)
def test_every_metric_of_a_task_is_a_scorer_of_scikit_learn(task: str) -> None:
    library("sklearn")
    from sklearn.metrics import get_scorer_names

    assert {metric.scorer for metric in metrics_of(task).values()} <= set(get_scorer_names())


@pytest.mark.parametrize("task", TASKS)
def test_a_perfect_model_reaches_the_good_end_of_every_metrics_range(task: str) -> None:
    library("sklearn")
    import numpy as np
    from sklearn.metrics import get_scorer
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    rows = np.arange(1, 13, dtype=float).reshape(-1, 1)
    labels = rows.ravel() if task == "regression" else np.arange(12) % (2 if task.startswith("binary") else 3)
    tree = DecisionTreeRegressor if task == "regression" else DecisionTreeClassifier
    model = tree(random_state=1).fit(rows, labels)
    for name, metric in metrics_of(task).items():
        value = metric.sign * get_scorer(metric.scorer)(model, rows, labels)
        best = metric.high if metric.higher_is_better else metric.low
        assert value == pytest.approx(float(best if best is not None else "nan"), abs=1e-9), name


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_column_type_is_a_type_of_feast(each) -> None:  # type: ignore[no-untyped-def]
    library("feast")
    from feast import ValueType, types

    dtype = types.Array(getattr(types, COLUMN_TYPES[each.item].feast)) if each.is_array else getattr(types, each.feast)
    assert dtype.to_value_type() == ValueType[each.feast_value]


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_column_type_is_printed_by_pyarrow_as_the_catalogue_has_it(each) -> None:  # type: ignore[no-untyped-def]
    pa = library("pyarrow")
    arrow_types = {
        "string": pa.string(),
        "bool": pa.bool_(),
        "bytes": pa.binary(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float32": pa.float32(),
        "float64": pa.float64(),
        "timestamp": pa.timestamp("us", tz="UTC"),
    }
    assert str(pa.list_(arrow_types[each.item]) if each.is_array else arrow_types[each.name]) == each.pyarrow


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_column_type_is_a_dtype_of_pandas(each) -> None:  # type: ignore[no-untyped-def]
    pandas = library("pandas")

    assert str(pandas.Series([], dtype=each.pandas).dtype) == each.pandas


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_column_type_is_a_parameter_type_of_the_pipeline_schema(each) -> None:  # type: ignore[no-untyped-def]
    library("kfp.pipeline_spec.pipeline_spec_pb2")
    from kfp.pipeline_spec import pipeline_spec_pb2

    assert each.kfp in pipeline_spec_pb2.ParameterType.ParameterTypeEnum.keys()  # noqa: SIM118 - no mapping


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_column_type_is_a_type_of_an_mlflow_signature(each) -> None:  # type: ignore[no-untyped-def]
    library("mlflow")
    from mlflow.types.schema import Array, DataType, Schema

    item = COLUMN_TYPES[each.item].mlflow if each.is_array else each.mlflow
    written = {"type": "array", "items": {"type": item}} if each.is_array else {"type": item}
    schema = Schema.from_json(json.dumps([{**written, "name": "c", "required": True}]))
    expected = Array(DataType[item]) if each.is_array else DataType[item]
    assert schema.inputs[0].type == expected
    assert each.mlflow == repr(expected) or not each.is_array


@pytest.mark.parametrize("each", FLAVORS.values(), ids=lambda each: each.name)
def test_a_flavor_is_a_module_of_mlflow(each) -> None:  # type: ignore[no-untyped-def]
    library("mlflow")

    assert hasattr(importlib.import_module(each.mlflow), "log_model")


def test_xgboost_models_are_packaged_in_the_file_that_kserve_looks_for() -> None:
    library("mlflow")
    import inspect

    module = importlib.import_module("mlflow.xgboost")
    default = inspect.signature(module.save_model).parameters["model_format"].default
    assert FLAVORS["xgboost"].files == (f"model.{default}",)


def test_pickled_scikit_learn_models_are_packaged_in_the_file_that_kserve_looks_for() -> None:
    library("mlflow")
    module = importlib.import_module("mlflow.sklearn")

    assert FLAVORS["sklearn"].files == (module._PICKLE_MODEL_DATA_SUBPATH,)
