"""Build the files of a tree from values; all targets use these functions."""

from __future__ import annotations

from typing import Any

from mlopsctl.emit import yaml as yaml_text
from mlopsctl.emit.origin import Pieces, about_text
from mlopsctl.tree.fileset import File
from mlopsctl.tree.paths import SafePath

MANIFESTS = "manifests"
"""The folder of a target that Argo CD keeps in sync with Git."""
RUNS = "runs"
"""The folder of a target with runs, which Argo CD creates once and never updates."""


def yaml_file(path: str, document: Any, about: Pieces = ()) -> File:
    """Return a YAML file of one document."""
    return text_file(path, yaml_text.dumps(document), about)


def manifest_file(name: str, *objects: Any, folder: str = MANIFESTS, about: Pieces = ()) -> File:
    """Return a file of Kubernetes objects below `manifests/` or `runs/`, the folders that Argo CD applies.

    These folders contain only Kubernetes objects; other files of a target are next to them.
    """
    kinds = tuple([(obj["apiVersion"], obj["kind"]) for obj in objects])
    return File(SafePath.of(f"{folder}/{name}"), about_text(about, yaml_text.dump_all(objects)), kinds, objects)


def text_file(path: str, text: str, about: Pieces = ()) -> File:
    """Return a file from a text that an emitter has written."""
    return File(SafePath.of(path), about_text(about, text))
