"""An example as a repository of its own: its code, its data, and what the command line renders of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sysconfig.get_path("scripts")) / "mlopsctl"
_LEFT_OUT = shutil.ignore_patterns(".mlops", "__pycache__", "data", "generated")


class Version(NamedTuple):
    """A registered version of a model."""

    model: str
    version: int
    aliases: tuple[str, ...]
    tags: dict[str, str]
    source: str
    run: str


def example(folder: Path, name: str, workspace: str | None = None, without: str = "") -> Path:
    """Copy an example, make its data, and render it; `without` is a line of its spec that is left out."""
    shutil.copytree(ROOT / "examples" / name, folder, ignore=_LEFT_OUT)
    (folder / ".git").mkdir()
    if workspace is not None:
        (folder / "workspace.yaml").write_text(workspace, encoding="utf-8")
    spec = (folder / "mlops.yaml").read_text(encoding="utf-8")
    assert without in spec
    (folder / "mlops.yaml").write_text(spec.replace(without, ""), encoding="utf-8")
    make_data(folder)
    _called([str(PROGRAM), "render", "."], folder)
    return folder


def make_data(folder: Path, *options: str) -> None:
    """Write the example's data anew."""
    _called([sys.executable, "make_data.py", *options], folder)


def settle(folder: Path, model: str, version: Version) -> None:
    """Write into the lock that a registered version is what runs, and render that."""
    lock = folder / "mlops.lock"
    document = yaml.safe_load(lock.read_text(encoding="utf-8"))
    (environment,) = document["environments"].values()
    environment["models"][model] |= {
        "version": str(version.version),
        "uri": version.source,
        "run": version.run,
        "snapshot": version.tags["mlopsctl.snapshot"],
    }
    lock.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    _called([str(PROGRAM), "render", "."], folder)


def over_http(version: Version, registry: str) -> Version:
    """Return a version whose artifacts have the addresses at which the server hands them out."""
    served = f"{registry}/api/2.0/mlflow-artifacts/artifacts/"
    tags = {key: value.replace("mlflow-artifacts:/", served) for key, value in version.tags.items()}
    return version._replace(source=version.source.replace("mlflow-artifacts:/", served), tags=tags)


def objects(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every Kubernetes object that was rendered."""
    for path in sorted((folder / "generated").rglob("*.yaml")):
        if path.parent.name in ("manifests", "runs"):
            yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def registered(database: Path) -> list[Version]:
    """List what MLflow's sqlite store has registered."""
    with closing(sqlite3.connect(database)) as store:
        rows = store.execute(
            "SELECT name, version, source, run_id FROM model_versions ORDER BY name, version"
        ).fetchall()
        aliases = store.execute("SELECT name, version, alias FROM registered_model_aliases ORDER BY alias").fetchall()
        tags = store.execute("SELECT name, version, key, value FROM model_version_tags").fetchall()
    return [
        Version(
            name,
            version,
            tuple(alias for owner, number, alias in aliases if (owner, int(number)) == (name, version)),
            {key: value for owner, number, key, value in tags if (owner, int(number)) == (name, version)},
            source,
            run,
        )
        for name, version, source, run in rows
    ]


def _called(words: list[str], folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
