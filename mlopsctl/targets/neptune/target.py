"""Neptune: how a run of the system begins, as settings and the program that reads them.

In: a blueprint. Out: files for people and their own code; the steps open a run of their own for what they train.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Part
from mlopsctl.catalogue.neptune import TAG
from mlopsctl.emit import json as json_text
from mlopsctl.targets import files
from mlopsctl.targets.neptune import conventions
from mlopsctl.targets.neptune.limits import limits, limits_shared
from mlopsctl.targets.neptune.program import program
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the run of a system that trains a model."""
    model, engine = blueprint.model, blueprint.engines.registry
    train = next((one for one in blueprint.pipelines if one.purpose == "train"), None)
    if model is None or train is None:
        return FileSet()
    settings = {
        "installation": engine.settings["uri"],
        "project": engine.settings["project"],
        "run_id": conventions.run_id(blueprint, train),
        "name": model.experiment,
        "tags": [TAG],
        "fields": conventions.fields(blueprint, model, train),
    }
    placed = (engine, Part(blueprint.identity, "labels"))
    about = (train, model, blueprint.identity, engine)
    return FileSet.of(
        files.text_file(conventions.SETTINGS, json_text.dumps(settings), about),
        files.text_file(conventions.PROGRAM, program(engine.version.partition(".")[0]), placed),
    )
