"""The target github: the workflow that checks pull requests.

In: what systems share, and the version that renders. Out: one file, named from the repository's root. Never a script of
its own: each step is a verb of the command line.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Shared
from mlopsctl.targets.files import yaml_file
from mlopsctl.targets.github import conventions
from mlopsctl.targets.github.workflow import workflow
from mlopsctl.tree.fileset import FileSet


def render_repository(shared: Shared, version: str) -> FileSet:
    """Render the workflow of the workspace."""
    return FileSet.of(yaml_file(conventions.place(shared.workspace), workflow(shared, version)))
