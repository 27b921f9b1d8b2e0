"""Apply Feast projects with Feast itself and print, as JSON, what each registry then holds.

Run as a program of its own, with the projects' folders: Feast takes seconds to import and changes the process.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")


def main(folders: list[Path]) -> None:
    """Apply each project twice; the second time there must be nothing to do."""
    stdout, sys.stdout = sys.stdout, sys.stderr
    projects = {str(folder): project(folder) for folder in folders}
    sys.stdout = stdout
    print(json.dumps(projects))


def project(folder: Path) -> dict[str, Any]:
    """Apply one project from its folder, as `feast apply` does, and leave none of its modules behind."""
    from feast import FeatureStore
    from feast.repo_config import load_repo_config
    from feast.repo_operations import _get_repo_contents, apply_total

    os.chdir(folder)
    sys.path.insert(0, str(folder))
    config = load_repo_config(folder, folder / "feature_store.yaml")
    apply_total(config, folder, skip_source_validation=True)
    store = FeatureStore(config=config)
    changes, _, _ = store.plan(_get_repo_contents(folder, config.project, config))
    registry = {**contents(store), "changes": changes.to_string()}
    sys.path.remove(str(folder))
    for name in [path.stem for path in folder.glob("*.py")]:
        sys.modules.pop(name)
    return registry


def contents(store: Any) -> dict[str, Any]:
    """Return the registry as plain values."""
    return {
        "entities": {
            e.name: {**_described(e), "keys": [e.join_key], "type": e.value_type.name}
            for e in store.list_entities()
            if e.name != "__dummy"
        },
        "sources": {s.name: {**_described(s), **_source(s)} for s in store.list_data_sources()},
        "views": {v.name: {**_described(v), **_view(v)} for v in store.list_feature_views()},
        "transforms": {
            v.name: {**_described(v), "fields": _fields(v.features), "mode": v.mode, "reads": _reads(v)}
            for v in store.list_on_demand_feature_views()
        },
        "services": {
            s.name: {**_described(s), "features": {p.name: _fields(p.features) for p in s.feature_view_projections}}
            for s in store.list_feature_services()
        },
    }


def _described(feast_object: Any) -> dict[str, Any]:
    return {"description": feast_object.description, "owner": feast_object.owner, "tags": dict(feast_object.tags)}


def _fields(fields: Any) -> list[list[str]]:
    return [[field.name, str(field.dtype)] for field in fields]


def _source(source: Any) -> dict[str, Any]:
    fields = {
        "class": type(source).__name__,
        "event_time": source.timestamp_field,
        "created_time": source.created_timestamp_column,
    }
    for name in ("path", "table", "query", "schema", "database"):
        value = getattr(source, name, None)
        if isinstance(value, str) and value:
            fields[name] = value
    backing = getattr(source, "batch_source", None)
    return {**fields, "backing": backing.name if backing else None}


def _view(view: Any) -> dict[str, Any]:
    return {
        "entities": view.entities,
        "fields": _fields(view.features),
        "field_descriptions": {field.name: field.description for field in view.features if field.description},
        "ttl": int(view.ttl.total_seconds()),
        "online": view.online,
        "source": view.batch_source.name,
        "push": view.stream_source.name if view.stream_source else None,
    }


def _reads(view: Any) -> dict[str, list[list[str]]]:
    views = {p.name: _fields(p.features) for p in view.source_feature_view_projections.values()}
    requests = {r.name: _fields(r.schema) for r in view.source_request_sources.values()}
    return {**views, **requests}


if __name__ == "__main__":
    main([Path(folder).resolve() for folder in sys.argv[1:]])
