"""Blueprints of the examples where another engine runs the pipelines, and the files that are rendered of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blueprints import blueprints
from msgspec.structs import replace
from on_kfp import EXAMPLES

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import StepParameter
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.tree.fileset import FileSet

__all__ = ["EXAMPLES", "example", "said", "write"]


def example(engine: str, version: str, name: str, environment: str, system: str, **settings: Any) -> Blueprint:
    """Return an example's Blueprint, with this pipeline engine whatever its workspace says."""
    blueprint = blueprints(name, environment)[system]
    return replace(blueprint, engines=replace(blueprint.engines, pipelines=Engine(engine, version, settings)))


def said(blueprint: Blueprint, text: str) -> Blueprint:
    """Return a Blueprint whose training says a text wherever a user's text can reach it."""
    pipeline = next(pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "train")
    step = replace(pipeline.steps[0], parameters=(StepParameter("note", value=text),), needs=())
    parameters = tuple(replace(parameter, default=text, description=text) for parameter in pipeline.parameters)
    changed = replace(pipeline, description=text, steps=(step,), parameters=parameters)
    return replace(blueprint, pipelines=(changed,))


def write(files: FileSet, folder: Path) -> None:
    """Write a target's files below a folder."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content, encoding="utf-8")
