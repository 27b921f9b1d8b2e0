"""The target github: the workflow that checks pull requests. Each of its commands is a verb of mlopsctl."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.base import Renderer
from mlopsctl.engines.github import conventions
from mlopsctl.engines.github.workflow import workflow
from mlopsctl.engines.shared.files import yaml_file
from mlopsctl.tree.fileset import FileSet


def render_repository(shared: Shared, version: str) -> FileSet:
    """Render the workflow of the workspace."""
    return FileSet.of(yaml_file(conventions.place(shared.workspace), workflow(shared, version)))


RENDERER: Final = Renderer(repository=render_repository)
