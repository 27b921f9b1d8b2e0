"""The examples, rendered whole: what the systems of each environment share, and the files of every unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import yaml
from blueprints import EXAMPLES

from mlopsctl import compiler
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.project.discovery import load
from mlopsctl.tree.fileset import File, FileSet


class Rendered(NamedTuple):
    """One environment of one example."""

    shared: Shared
    units: Mapping[str, FileSet]

    def files(self) -> Iterator[tuple[str, File]]:
        """Yield every file with its path in the repository."""
        home = self.shared.place.path.rpartition("/")[0]
        for unit, files in self.units.items():
            for file in files:
                yield f"{home}/{unit}/{file.path}", file


ENVIRONMENTS = [
    ("payments", "dev"),
    ("payments", "prod"),
    ("quickstart", "local"),
    ("demand-forecast", "prod"),
    ("alternatives", "research"),
    ("alternatives", "operations"),
]
DELIVERED = [environment for environment in ENVIRONMENTS if environment[0] != "quickstart"]
"""The quickstart says in no workspace which repository its tree is committed to."""


@cache
def rendered(example: str, environment: str) -> Rendered:
    """Render one environment of one example."""
    shared, _ = compiler.check(load(str(EXAMPLES / example)).documents, (environment,))
    return Rendered(shared[0], compiler.render(shared[0]))


def read(file: File) -> list[dict[str, Any]]:
    """Read back the objects of a file."""
    return list(yaml.safe_load_all(file.content))
