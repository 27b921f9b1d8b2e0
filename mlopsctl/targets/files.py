"""Files of a tree, from values: the only way a target makes one.

In: a path, plain values, and what all of them are about. Out: a `File`, its text made by `emit`. Never writes to a
disk.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.emit import yaml as yaml_text
from mlopsctl.emit.origin import Things, whole
from mlopsctl.tree.fileset import File
from mlopsctl.tree.paths import SafePath

MANIFESTS = "manifests"
"""The folder of a target that Argo CD keeps as Git says."""
RUNS = "runs"
"""The folder of a target that holds runs, which are made once and then left alone."""


def yaml_file(path: str, document: Any, about: Things = ()) -> File:
    """Return a YAML file of one document."""
    return text_file(path, yaml_text.dumps(document), about)


def manifest_file(name: str, *objects: Any, folder: str = MANIFESTS, about: Things = ()) -> File:
    """Return a file of Kubernetes objects below `manifests/` or `runs/`, the folders that Argo CD applies.

    Nothing but Kubernetes objects may lie there; every other file of a target lies beside them.
    """
    kinds = tuple([(one["apiVersion"], one["kind"]) for one in objects])
    return File(SafePath.of(f"{folder}/{name}"), whole(about, yaml_text.dump_all(objects)), kinds)


def text_file(path: str, text: str, about: Things = ()) -> File:
    """Return a file of text that an emitter made before."""
    return File(SafePath.of(path), whole(about, text))
