"""The environment's feature project, opened from its rendered repository.

In: the repository's flat folder. Out: Feast's own store. Relative paths of sources, registry and online store start
from the call's root; the rendered folder may be read-only and is never written.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.file_columns import examine
from mlopsctl.runtime.sources import copy_csv

STORE_FILE = "feature_store.yaml"


def opened(call: Call, offline: str | None = None) -> Any:
    """Open the store; `offline` replaces the type of a store of files."""
    from feast import FeatureStore

    return FeatureStore(config=_config(call, offline))


def applied(call: Call, views: Iterable[str] = ()) -> Any:
    """Register what the repository defines, as `feast apply` does, and open the store; `views` are those to be read."""
    from feast.repo_operations import _get_repo_contents, apply_total_with_repo_instance

    copy_csv(call, (*call.definitions.sources, *_label_source(call)))
    examine(call, views)
    store = opened(call)
    project, folder = store.config.project, _copied(call)
    with quiet():
        with _inside(folder):
            contents = _get_repo_contents(folder, project, store.config)
        apply_total_with_repo_instance(store, project, store.registry, contents, skip_source_validation=True)
    call.log.say(
        f"feature project `{project}` is registered",
        views=len(contents.feature_views),
        sets=len(contents.feature_services),
    )
    return opened(call)


def ready(call: Call, offline: str | None = None) -> Any:
    """Open the store for reading, and register the project first where a view of the set is not known."""
    from feast.errors import FeastObjectNotFoundException

    copy_csv(call, (*call.definitions.sources, *_label_source(call)))
    examine(call, [view.name for view in call.feature_set.lookups])
    store = opened(call, offline)
    try:
        for view in call.feature_set.lookups:
            store.get_feature_view(view.name)
    except FeastObjectNotFoundException:
        applied(call)
        return opened(call, offline)
    return store


def _label_source(call: Call) -> tuple[Any, ...]:
    return (call.blueprint.model.label.rows,) if call.blueprint.model else ()


def _config(call: Call, offline: str | None) -> Any:
    from feast.repo_config import load_repo_config

    folder = _copied(call)
    config = load_repo_config(folder, folder / STORE_FILE)
    if offline:
        config.offline_config = {"type": offline}
    config.repo_path = call.root
    # Feast takes a registry's relative path from the current folder, and an online store's from the repository.
    for store in (config.registry, config.online_store):
        place = getattr(store, "path", None)
        if place and "://" not in str(place):
            store.path = str(call.root / place)
            Path(store.path).parent.mkdir(parents=True, exist_ok=True)
    return config


def _copied(call: Call) -> Path:
    """Copy the repository: a mounted one lists each file twice, and Python may write beside what it imports."""
    folder = call.work / "feast"
    if (folder / STORE_FILE).is_file():
        return folder
    if not (call.features / STORE_FILE).is_file():
        raise Broken(f"{call.features} has no {STORE_FILE}; name the rendered feature repository with --features DIR")
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(call.features.iterdir()):
        if file.is_file() and file.suffix in (".py", ".yaml"):
            shutil.copyfile(file, folder / file.name)
    return folder


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Feast from printing: what it does is said once, by the step."""
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Import from the repository for as long as its definitions are read, and leave none of its modules behind."""
    before = Path.cwd()
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
        for file in folder.glob("*.py"):
            sys.modules.pop(file.stem, None)
