"""Neptune: how a run of the system begins, as settings and the program that reads them."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.emit import json as json_text
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.neptune import conventions
from mlopsctl.engines.neptune.fields import TAG, generation
from mlopsctl.engines.neptune.limits import limits, limits_shared
from mlopsctl.engines.neptune.program import program
from mlopsctl.engines.shared import files
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "limits_shared", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the run of a system that trains a model."""
    model, engine = blueprint.model, blueprint.engines.registry
    train = next((pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "train"), None)
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
        files.text_file(conventions.PROGRAM, program(generation(engine.version)), placed),
    )


RENDERER: Final = Renderer(system=render)
