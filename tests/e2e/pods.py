"""A container as a process of this machine: what a pod mounts are folders of its own, and nothing else is handed on.

In: the paths a container is given, its command and variables. Out: how it ended, and the folders behind its paths. The
paths of the cluster are rewritten to those folders in the command, in the variables, and in the Blueprint's own list of
paths; the working folder is the image's, where the user's code and data lie.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

Files = Mapping[str, str]


class Broken(Exception):  # noqa: N818 - what a cluster would say, not an error of this code
    """The cluster could not do what the manifest asks for."""


class Ended(NamedTuple):
    """How a container ended, and what it printed."""

    code: int
    text: str


@dataclass(frozen=True)
class Node:
    """Where pods run: programs by the word that calls them, the image's folder, what a cluster adds to every pod."""

    folder: Path
    image: Path
    programs: Mapping[str, Sequence[str]]
    environ: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Files] = field(default_factory=dict)
    limit: float = 300

    def variable(self, variable: Mapping[str, Any]) -> tuple[str, str]:
        """Return a container's variable, from its value or from the secret it names."""
        if "value" in variable:
            return variable["name"], variable["value"]
        source = variable["valueFrom"]["secretKeyRef"]
        return variable["name"], self.secret(source["name"], source["key"])

    def secret(self, name: str, key: str) -> str:
        """Return what a secret holds."""
        try:
            return self.secrets[name][key]
        except KeyError:
            raise Broken(f"there is no key {key} in a secret {name}") from None


class Pod:
    """One pod. A mount of None is an empty folder; one of files is a ConfigMap, and read-only."""

    def __init__(self, node: Node, name: str, mounts: Mapping[str, Files | None]) -> None:
        self._node = node
        root = node.folder / name
        root.mkdir(parents=True)
        self._mounts = {path: root / f"{i}-{path.strip('/').replace('/', '-')}" for i, path in enumerate(mounts)}
        self._read_only = {path: files for path, files in mounts.items() if files is not None}
        inner_first = sorted(map(re.escape, mounts), key=len, reverse=True)
        self._path = re.compile(rf"(^|=)({'|'.join(inner_first)})(?=/|$)")
        for path, folder in self._mounts.items():
            folder.mkdir()
            if path in self._read_only:
                _mounted(folder, {key: self._rewritten(key, text) for key, text in self._read_only[path].items()})

    def inside(self, path: str) -> Path:
        """Return what is behind a path of the container; it has to be in a mount, since the root is read-only."""
        for mount in sorted(self._mounts, key=len, reverse=True):
            if path == mount or path.startswith(f"{mount}/"):
                return self._mounts[mount] / path.removeprefix(mount).lstrip("/")
        raise Broken(f"{path} is in no mount of the pod")

    def put(self, path: str, origin: Path) -> None:
        """Copy a file or folder to a path of the container."""
        target = self.inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        copied(origin, target)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> Ended:
        """Run the container to its end."""
        if command[0] not in self._node.programs:
            raise Broken(f"the image has no program {command[0]}")
        words = [*self._node.programs[command[0]], *map(self.placed, command[1:])]
        surroundings = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.inside("/tmp")),
            **self._node.environ,
            **{name: self.placed(text) for name, text in environment.items()},
        }
        before = self._fingerprint()
        done = subprocess.run(
            words,
            cwd=self._node.image,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=self._node.limit,
        )
        if self._fingerprint() != before:
            raise Broken("the container wrote to a mount that is read-only")
        return Ended(done.returncode, done.stdout)

    def placed(self, text: str) -> str:
        """Rewrite a path of the cluster, alone or behind `name=`, to the folder behind it."""
        return self._path.sub(lambda match: f"{match[1]}{self._mounts[match[2]]}", text, count=1)

    def _rewritten(self, key: str, text: str) -> str:
        if not key.endswith(".json"):
            return text
        document = json.loads(text)
        if "paths" in document:
            document["paths"] = {name: self.placed(path) for name, path in document["paths"].items()}
        return json.dumps(document)

    def _fingerprint(self) -> str:
        digest = sha256()
        for mount in self._read_only:
            for file in sorted(self._mounts[mount].rglob("*")):
                digest.update(f"{file}".encode() + (file.read_bytes() if file.is_file() else b""))
        return digest.hexdigest()


def copied(origin: Path, target: Path) -> None:
    """Copy a file or folder, as it goes through a bucket."""
    if origin.is_dir():
        shutil.copytree(origin, target)
    else:
        shutil.copyfile(origin, target)


def _mounted(folder: Path, files: Files) -> None:
    """Write a ConfigMap as the cluster mounts it: names that point into a folder which can be swapped at once."""
    (folder / "..2026_11_20").mkdir()
    (folder / "..data").symlink_to("..2026_11_20")
    for name, text in files.items():
        (folder / "..data" / name).write_text(text, encoding="utf-8")
        (folder / name).symlink_to(Path("..data") / name)
