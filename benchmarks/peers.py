"""The peers' input: the same Kubernetes objects, as kustomize and Jsonnet would be asked for them.

In: a rendered tree. Out: a kustomization that lists every manifest, and a Jsonnet program that makes every system's
objects from one function of its name.
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

_PATTERN = "fraud-0000"


def kustomization(tree: Path, folder: Path, count: int) -> Path:
    """Write one kustomization a system for `count` of them, with a label on everything, and one that lists them."""
    folder.mkdir()
    units = sorted(path for path in tree.iterdir() if path.is_dir())[:count]
    for unit in units:
        home = folder / unit.name
        home.mkdir()
        files = sorted(unit.rglob("manifests/*.yaml"))
        for number, file in enumerate(files):
            (home / f"{number:02}.yaml").write_bytes(file.read_bytes())
        listed = [f"{number:02}.yaml" for number in range(len(files))]
        labels = [{"pairs": {"example.com/unit": unit.name}}]
        (home / "kustomization.yaml").write_text(json.dumps({"resources": listed, "labels": labels}))
    (folder / "kustomization.yaml").write_text(json.dumps({"resources": [unit.name for unit in units]}))
    return folder


def jsonnet(tree: Path, folder: Path, count: int) -> Path:
    """Write a program that makes the objects of `count` systems."""
    folder.mkdir()
    documents: list[object] = []
    for file in sorted((tree / _PATTERN).rglob("manifests/*.yaml")):
        documents += yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader)
    names = json.dumps([f"fraud-{number:04}" for number in range(count)])
    body = ",\n".join(_expression(document) for document in documents)
    program = folder / "systems.jsonnet"
    program.write_text(f"local system(name) = [\n{body}\n];\n{{ [name]: system(name) for name in {names} }}\n")
    return program


def _expression(value: object) -> str:
    """Return a value as Jsonnet in which the pattern's name is the parameter."""
    if isinstance(value, str):
        return " + name + ".join(json.dumps(part) for part in value.split(_PATTERN))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_expression(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_expression, value)) + "]"
    return json.dumps(value)
