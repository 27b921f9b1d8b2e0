"""A self-hosted Neptune as the registry: a version is a run, and its metadata are the run's fields.

A run is open only while a step writes. The served version comes from the lock: clients cannot resolve an alias, which
is a field that two runs may have.
"""

from __future__ import annotations

import base64
import binascii
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from mlopsctl.engines.neptune.fields import ALIAS, MODE, NAME, PROJECT, TAG, TOKEN, generation
from mlopsctl.runtime.backends.downloads import fetched
from mlopsctl.runtime.backends.registry import SNAPSHOT, Evidence, Registered, Version
from mlopsctl.runtime.data.artifacts import ROWS_FILE, write_json
from mlopsctl.runtime.step_context import StepContext, StepFailed

_FIELD = "spec.stack.registry"
_PACKAGE, _ROWS = "model/package", "model/snapshot"

Value = str | float | int


class _Run(Protocol):
    def fields(self, values: Mapping[str, Value]) -> None:
        """Set fields."""

    def files(self, files: Mapping[str, Path]) -> None:
        """Upload files as fields."""

    def close(self) -> None:
        """Wait until everything is written."""


class Neptune:
    """Tracks runs and registers models in a Neptune of generation 2 or 3."""

    def __init__(self, step_context: StepContext) -> None:
        self._context = step_context
        engine = step_context.blueprint.engines.registry
        self._generation = generation(engine.version)
        self._project = step_context.environ.get(PROJECT) or engine.settings["project"]
        _same_installation(engine.settings["uri"], step_context.environ.get(TOKEN, ""))

    def begin(self, key: str, tags: Mapping[str, str]) -> str:
        """Open the run of a content, or create it: its id is derived from the content."""
        run = version_of(key)
        with self._open(run) as opened:
            opened.fields({"key": key, **_fields("tags", tags)})
        return run

    @contextmanager
    def running(self, run: str) -> Iterator[None]:
        """Record the outcome of training; the user's code logs with its own client."""
        try:
            yield
        except BaseException:
            self._state(run, "failed")
            raise
        self._state(run, "finished")

    def _state(self, run: str, state: str) -> None:
        with self._open(run) as opened:
            opened.fields({"training/state": state})

    def log(self, run: str, params: Mapping[str, str], metrics: Mapping[str, float]) -> None:
        """Log the parameters and metrics of a run."""
        with self._open(run) as opened:
            opened.fields({**_fields("params", params), **_fields("metrics", metrics)})

    def conclude(self, run: str, outcome: str, reason: str = "") -> None:
        """Record the outcome of a run."""
        with self._open(run) as opened:
            opened.fields({"outcome/state": outcome, "outcome/reason": reason})

    def register(self, run: str, evidence: Evidence) -> Registered:
        """Upload the evidence, then mark the run as a version of its model; both are idempotent."""
        model = self._context.model
        package = shutil.make_archive(str(self._context.work / "package"), "zip", evidence.package)
        rows = evidence.snapshot / ROWS_FILE
        with self._open(run) as opened:
            opened.files({_PACKAGE: Path(package), _ROWS: rows, **self._documents(evidence)})
            opened.fields({**_fields("metrics", evidence.metrics), **_fields("tags", evidence.tags)})
            opened.fields({"model/version": run, "model/description": self._context.blueprint.identity.description})
            # Last, so that an interrupted run has no registered name.
            opened.fields({NAME: model.registered_name, ALIAS: model.alias})
        return Registered(model.registered_name, run, False)

    def _documents(self, evidence: Evidence) -> dict[str, Path]:
        """Write the documents as files, because fields are limited in length."""
        paths = {}
        for name, document in evidence.documents.items():
            paths[f"model/{name}"] = self._context.work / f"{name}.json"
            write_json(paths[f"model/{name}"], document)
        return paths

    def served(self) -> Version | None:
        """Return the locked version."""
        locked = self._context.model.served
        if locked is None:
            return None
        return Version(locked.version, locked.uri, {SNAPSHOT: locked.snapshot} if locked.snapshot else {})

    def fetch(self, location: str) -> Path:
        """Download an artifact of a version to the scratch folder."""
        return fetched(self._context, location)

    @contextmanager
    def _open(self, run: str) -> Iterator[_Run]:
        mode = self._context.environ.get(MODE, "async")
        folder = self._context.work / "neptune"
        folder.mkdir(parents=True, exist_ok=True)
        kind = _Generation2 if self._generation == "2" else _Generation3
        opened = kind(self._project, run, self._context.model.experiment, mode, folder)
        try:
            yield opened
        finally:
            opened.close()


class _Generation2:
    def __init__(self, project: str, run: str, experiment: str, mode: str, folder: Path) -> None:
        import os

        import neptune

        # The client buffers data below the current folder, which may be read-only in a container.
        os.environ["NEPTUNE_DATA_DIRECTORY"] = str(folder)
        self._run = neptune.init_run(
            project=project,
            custom_run_id=run,
            name=experiment,
            tags=[TAG],
            mode=mode,
            source_files=[],
            git_ref=False,
            capture_hardware_metrics=False,
            capture_stdout=False,
            capture_stderr=False,
            capture_traceback=False,
        )

    def fields(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            self._run[name] = value

    def files(self, files: Mapping[str, Path]) -> None:
        for name, path in files.items():
            self._run[name].upload(str(path))

    def close(self) -> None:
        self._run.stop()


class _Generation3:
    def __init__(self, project: str, run: str, experiment: str, mode: str, folder: Path) -> None:
        import neptune_scale

        self._run = neptune_scale.Run(
            project=project,
            run_id=run,
            experiment_name=experiment,
            mode=mode,
            log_directory=str(folder),
            enable_console_log_capture=False,
            source_tracking_config=None,
        )
        self._run.add_tags([TAG])

    def fields(self, values: Mapping[str, Value]) -> None:
        self._run.log_configs(dict(values))

    def files(self, files: Mapping[str, Path]) -> None:
        self._run.assign_files({name: str(path) for name, path in files.items()})

    def close(self) -> None:
        self._run.close()


def version_of(key: str) -> str:
    """Return a content's run id: a number, because it is a version in mlops.lock and in names of served objects."""
    return str(int(key[:_ENOUGH], 16))


_ENOUGH = 13
"""The number of digits of a hash: enough to avoid collisions in a project, few enough for Kubernetes names."""


def _fields(folder: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{folder}/{name}": value for name, value in values.items()}


def _same_installation(uri: str, token: str) -> None:
    """Reject a token of another installation: the token, not the workspace, decides where the clients send data."""
    try:
        address = json.loads(base64.b64decode(token, validate=True))["api_address"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return  # the client reports an invalid token
    if urlsplit(address).hostname != urlsplit(uri).hostname:
        raise StepFailed(f"the token in {TOKEN} is for {address}, but the workspace has {uri}", f"{_FIELD}.uri")
