"""The file context of Great Expectations: its documents as plain values, by their path below `gx/`.

In: whose context it is, its expectations, the folder of the data set. Out: documents. They are here, and not in the
target, because the check step runs the very documents that the target renders, and neither may know the other. Ids are
made from names, so that a changed bound changes no id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from mlopsctl.catalogue.great_expectations import VERSION, Expectation

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


class Whose(NamedTuple):
    """The system in its environment that a context is of."""

    workspace: str
    environment: str
    system: str

    @property
    def suite(self) -> str:
        """The name of the suite, its validation definition and its checkpoint."""
        return f"{self.system}-data"

    def id(self, *of: str) -> str:
        """Return the id of a part, the same on every machine."""
        return str(uuid5(_NAMESPACE, "/".join((*self, *of))))


def documents(whose: Whose, expectations: Iterable[Expectation], folder: str = DATASET) -> dict[str, Any]:
    """Return the configuration, the suite, its validation definition and its checkpoint."""
    name = whose.suite
    suite = {"id": whose.id("suite"), "name": name}
    definition = {"id": whose.id("validation"), "name": name}
    return {
        CONFIGURATION: _configuration(whose, folder),
        f"expectations/{name}.json": {
            **suite,
            "expectations": [_expectation(whose, one) for one in expectations],
            "meta": {"great_expectations_version": VERSION},
            "notes": None,
        },
        f"validation_definitions/{name}.json": {**definition, "data": _data(whose), "suite": suite},
        f"checkpoints/{name}.json": {
            "name": name,
            "id": whose.id("checkpoint"),
            "validation_definitions": [definition],
            "actions": [],
            "result_format": "SUMMARY",
        },
    }


def _expectation(whose: Whose, one: Expectation) -> dict[str, Any]:
    return {
        "type": one.type,
        "kwargs": dict(one.kwargs),
        "meta": {"of": one.of, "says": one.says},
        "id": expectation_id(whose, one),
        "severity": one.severity,
    }


def expectation_id(whose: Whose, one: Expectation) -> str:
    """Return an expectation's id; its bound is no part of it."""
    bound = "min" if "min_value" in one.kwargs else "max" if "max_value" in one.kwargs else ""
    return whose.id("expectation", one.of, one.type, bound)


def _data(whose: Whose) -> dict[str, Any]:
    return {
        "datasource": {"id": whose.id("source"), "name": "training-set"},
        "asset": {"id": whose.id("asset"), "name": "rows"},
        "batch_definition": {"id": whose.id("batch"), "name": "whole"},
    }


def _configuration(whose: Whose, folder: str) -> dict[str, Any]:
    """Return the context's configuration. Without stores' own ids, and telling nobody that it is used."""
    rows: dict[str, Any] = {
        "type": "parquet",
        "id": whose.id("asset"),
        "batch_definitions": {
            "whole": {
                "id": whose.id("batch"),
                "partitioner": {"regex": ROWS.replace(".", r"\.") + "$", "param_names": []},
            }
        },
    }
    source = {
        "type": "pandas_filesystem",
        "id": whose.id("source"),
        "base_directory": folder,
        "assets": {"rows": rows},
    }
    return {
        "config_version": 4.0,
        "config_variables_file_path": None,
        "plugins_directory": None,
        "stores": {f"{name}_store": _store(*words) for name, words in _STORES.items()},
        **{f"{name}_store_name": f"{name}_store" for name in ("expectations", "validation_results", "checkpoint")},
        "data_docs_sites": {},
        "fluent_datasources": {"training-set": source},
        "analytics_enabled": False,
        "data_context_id": whose.id("context"),
    }


def _store(kind: str, folder: str) -> Mapping[str, Any]:
    backend = {
        "class_name": "TupleFilesystemStoreBackend",
        "base_directory": folder,
        "suppress_store_backend_id": True,
    }
    return {"class_name": f"{kind}Store", "store_backend": backend}
