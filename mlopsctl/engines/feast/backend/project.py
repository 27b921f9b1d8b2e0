"""The environment's feature project, opened from its rendered repository.

Relative paths of sources, registry and online store start from the call's root; the rendered folder may be read-only
and is never written.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlopsctl.runtime.backends.lean_imports import without_type_checks
from mlopsctl.runtime.data.csv_sources import copy_csv
from mlopsctl.runtime.data.file_columns import examine
from mlopsctl.runtime.log import quiet
from mlopsctl.runtime.step_context import StepContext, StepFailed

STORE_FILE = "feature_store.yaml"


def library() -> Any:
    """Import Feast."""
    with without_type_checks():
        import feast

        return feast


def opened(step_context: StepContext) -> Any:
    """Open the store."""
    return library().FeatureStore(config=_config(step_context))


def applied(step_context: StepContext, views: Iterable[str] = ()) -> Any:
    """Register the repository's definitions, as `feast apply` does, and open the store; `views` are those to read."""
    library()
    from feast.repo_operations import _get_repo_contents, apply_total_with_repo_instance

    copy_csv(step_context, (*step_context.definitions.sources, *_label_source(step_context)))
    examine(step_context, views)
    store = opened(step_context)
    project, folder = store.config.project, _copied(step_context)
    with quiet():
        with _inside(folder):
            contents = _get_repo_contents(folder, project, store.config)
        apply_total_with_repo_instance(store, project, store.registry, contents, skip_source_validation=True)
    step_context.log.say(
        f"feature project `{project}` is registered",
        views=len(contents.feature_views),
        sets=len(contents.feature_services),
    )
    return opened(step_context)


def ready(step_context: StepContext) -> Any:
    """Open the store for reading; register the project first if a view of the set is not registered."""
    library()
    from feast.errors import FeastObjectNotFoundException

    copy_csv(step_context, (*step_context.definitions.sources, *_label_source(step_context)))
    examine(step_context, [view.name for view in step_context.feature_set.lookups])
    store = opened(step_context)
    try:
        for view in step_context.feature_set.lookups:
            store.get_feature_view(view.name)
    except FeastObjectNotFoundException:
        applied(step_context)
        return opened(step_context)
    return store


def _label_source(step_context: StepContext) -> tuple[Any, ...]:
    return (step_context.blueprint.model.label.rows,) if step_context.blueprint.model else ()


def _config(step_context: StepContext) -> Any:
    library()
    from feast.repo_config import load_repo_config

    folder = _copied(step_context)
    config = load_repo_config(folder, folder / STORE_FILE)
    config.repo_path = step_context.root
    # Feast resolves a registry's relative path from the current folder, an online store's from the repository.
    for store in (config.registry, config.online_store):
        place = getattr(store, "path", None)
        if place and "://" not in str(place):
            store.path = str(step_context.root / place)
            Path(store.path).parent.mkdir(parents=True, exist_ok=True)
    return config


def _copied(step_context: StepContext) -> Path:
    """Copy the repository: a mounted one lists each file twice, and Python may write caches next to modules."""
    folder = step_context.work / "feast"
    if (folder / STORE_FILE).is_file():
        return folder
    if not (step_context.features / STORE_FILE).is_file():
        raise StepFailed(
            f"{step_context.features} has no {STORE_FILE}; pass the rendered feature repository with --features DIR"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(step_context.features.iterdir()):
        if file.is_file() and file.suffix in (".py", ".yaml"):
            shutil.copyfile(file, folder / file.name)
    return folder


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Import from the repository while its definitions are read, and remove its modules afterwards."""
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
