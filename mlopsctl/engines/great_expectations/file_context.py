"""The file context of Great Expectations: its documents as plain values, by their path below `gx/`.

They are here, and not in the target, because the check step runs the very documents that the target renders, and
neither may know the other. Ids are made from names, so that a changed bound changes no id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from mlopsctl.engines.great_expectations.expectations import VERSION, Expectation

CONFIGURATION: Final = "great_expectations.yml"
DATASET: Final = "dataset"
"""The folder, from where the checkpoint is run, that the rendered context looks for the data set in."""
ROWS: Final = "rows.parquet"
_NAMESPACE: Final = UUID("62274a6a-49ec-5d6e-899a-159298926130")
_STORES: Final = {
    "expectations": ("Expectations", "expectations/"),
    "validation_results": ("ValidationResults", "uncommitted/validations/"),
    "checkpoint": ("Checkpoint", "checkpoints/"),
    "validation_definition": ("ValidationDefinition", "validation_definitions/"),
}


class ContextOwner(NamedTuple):
    """The system in its environment that a context is of."""

    workspace: str
    environment: str
    system: str

    @property
    def suite(self) -> str:
        """The name of the suite, its validation definition and its checkpoint."""
        return f"{self.system}-data"

    def id(self, *parts: str) -> str:
        """Return the id of a part, the same on every machine."""
        return str(uuid5(_NAMESPACE, "/".join((*self, *parts))))


def documents(owner: ContextOwner, expectations: Iterable[Expectation], folder: str = DATASET) -> dict[str, Any]:
    """Return the configuration, the suite, its validation definition and its checkpoint."""
    name = owner.suite
    suite = {"id": owner.id("suite"), "name": name}
    definition = {"id": owner.id("validation"), "name": name}
    return {
        CONFIGURATION: _configuration(owner, folder),
        f"expectations/{name}.json": {
            **suite,
            "expectations": [_expectation(owner, expectation) for expectation in expectations],
            "meta": {"great_expectations_version": VERSION},
            "notes": None,
        },
        f"validation_definitions/{name}.json": {**definition, "data": _data(owner), "suite": suite},
        f"checkpoints/{name}.json": {
            "name": name,
            "id": owner.id("checkpoint"),
            "validation_definitions": [definition],
            "actions": [],
            "result_format": "SUMMARY",
        },
    }


def _expectation(owner: ContextOwner, expectation: Expectation) -> dict[str, Any]:
    return {
        "type": expectation.type,
        "kwargs": dict(expectation.kwargs),
        "meta": {"of": expectation.subject, "says": expectation.sentence},
        "id": expectation_id(owner, expectation),
        "severity": expectation.severity,
    }


def expectation_id(owner: ContextOwner, expectation: Expectation) -> str:
    """Return an expectation's id; its bound is no part of it."""
    bound = "min" if "min_value" in expectation.kwargs else "max" if "max_value" in expectation.kwargs else ""
    return owner.id("expectation", expectation.subject, expectation.type, bound)


def _data(owner: ContextOwner) -> dict[str, Any]:
    return {
        "datasource": {"id": owner.id("source"), "name": "training-set"},
        "asset": {"id": owner.id("asset"), "name": "rows"},
        "batch_definition": {"id": owner.id("batch"), "name": "whole"},
    }


def _configuration(owner: ContextOwner, folder: str) -> dict[str, Any]:
    """Return the context's configuration, without ids of stores and with telemetry off."""
    rows: dict[str, Any] = {
        "type": "parquet",
        "id": owner.id("asset"),
        "batch_definitions": {
            "whole": {
                "id": owner.id("batch"),
                "partitioner": {"regex": ROWS.replace(".", r"\.") + "$", "param_names": []},
            }
        },
    }
    source = {
        "type": "pandas_filesystem",
        "id": owner.id("source"),
        "base_directory": folder,
        "assets": {"rows": rows},
    }
    return {
        "config_version": 4.0,
        "config_variables_file_path": None,
        "plugins_directory": None,
        "stores": {f"{name}_store": _store(*arguments) for name, arguments in _STORES.items()},
        **{f"{name}_store_name": f"{name}_store" for name in ("expectations", "validation_results", "checkpoint")},
        "data_docs_sites": {},
        "fluent_datasources": {"training-set": source},
        "analytics_enabled": False,
        "data_context_id": owner.id("context"),
    }


def _store(kind: str, folder: str) -> Mapping[str, Any]:
    backend = {
        "class_name": "TupleFilesystemStoreBackend",
        "base_directory": folder,
        "suppress_store_backend_id": True,
    }
    return {"class_name": f"{kind}Store", "store_backend": backend}
