"""Great Expectations: a file context for the training set of each system.

In: a Blueprint. Out: the context's configuration, its suite, its validation definition and its checkpoint. The check
step of the training pipeline runs the same documents on the data set that it was given.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Part
from mlopsctl.catalogue.file_context import Whose, documents
from mlopsctl.catalogue.great_expectations import suite
from mlopsctl.emit import json as json_text
from mlopsctl.targets import files
from mlopsctl.targets.great_expectations.limits import limits
from mlopsctl.tree.fileset import FileSet

__all__ = ["limits", "render"]


def render(blueprint: Blueprint) -> FileSet:
    """Render the context, where there is something to expect."""
    identity, checks = blueprint.identity, blueprint.checks
    expected = suite(checks.contract, checks.stages) if checks else ()
    if not expected:
        return FileSet()
    about = (checks, Part(identity, "labels"), blueprint.engines.checks)
    made = documents(Whose(identity.workspace, identity.environment, identity.system), expected)
    return FileSet.of(
        files.yaml_file(f"gx/{path}", document, about)
        if path.endswith(".yml")
        else files.text_file(f"gx/{path}", json_text.dumps(document), about)
        for path, document in made.items()
    )
