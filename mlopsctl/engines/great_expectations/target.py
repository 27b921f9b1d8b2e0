"""Great Expectations: a file context for the training set of each system.

The check step of the training pipeline runs the same documents on the data set that it was given.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pieces import Part
from mlopsctl.blueprint.model.training_contract import training_contract
from mlopsctl.emit import json as json_text
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.great_expectations.expectations import suite
from mlopsctl.engines.great_expectations.file_context import ContextOwner, documents
from mlopsctl.engines.great_expectations.limits import limits
from mlopsctl.engines.shared import files
from mlopsctl.tree.fileset import FileSet

__all__ = ["RENDERER", "limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the context, where there is something to expect."""
    identity, checks = blueprint.identity, blueprint.checks
    expected = suite(training_contract(blueprint), checks.stages) if checks else ()
    if not expected:
        return FileSet()
    about = (checks, Part(identity, "labels"), blueprint.engines.checks)
    documents_by_path = documents(ContextOwner(identity.workspace, identity.environment, identity.system), expected)
    return FileSet.of(
        files.yaml_file(f"gx/{path}", document, about)
        if path.endswith(".yml")
        else files.text_file(f"gx/{path}", json_text.dumps(document), about)
        for path, document in documents_by_path.items()
    )


RENDERER: Final = Renderer(system=render)
