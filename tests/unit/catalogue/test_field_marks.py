"""Every field of the language says what a change of it can start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest

from mlopsctl.catalogue import field_marks
from mlopsctl.catalogue.field_marks import INDIRECT, Mark, joined, mark
from mlopsctl.spec.lock import Lock
from mlopsctl.spec.shape import bare, sections
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.workspace import Workspace

ROOTS = {"": MLSystem, "workspace:": Workspace, "lock:": Lock}
ASKED = """`{path}` has no mark. Say what a change of it can start, in mlopsctl/catalogue/field_marks.py:

    "{section}": Fields(data|check|serving|metadata="... {name}")

  data      decides the trained model: also list its Blueprint field as hashed in mlopsctl/blueprint/fingerprint.py
  check     decides whether the model is accepted: hashed as well
  serving   decides how things run and are watched: starts no training, so the Blueprint field is `ignored` there
  metadata  nothing runs"""


def fields(annotation: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield section and name of every field below an annotation that has no sections below it."""
    inner = bare(annotation)
    if get_origin(inner) is dict and sections(get_args(inner)[1]):
        yield from fields(get_args(inner)[1], f"{path}.*")
        return
    for section in sections(annotation):
        for name, field in section.model_fields.items():
            key = field.alias or name
            # `spec` is left out of paths; an environment's stack is the workspace's, for itself.
            below = path if key == "spec" else joined(path, key)
            below = "workspace:stack" if below == "workspace:environments.*.stack" else below
            deeper = list(fields(field.annotation, below))
            yield from deeper or [(path, key)]


FIELDS = sorted({field for prefix, root in ROOTS.items() for field in fields(root, prefix)})


@pytest.mark.parametrize(("section", "name"), FIELDS, ids=lambda part: part or "-")
def test_every_field_of_the_language_has_one_mark(section: str, name: str) -> None:
    path = joined(section, name)
    if path in INDIRECT:
        return
    given = field_marks.marks().get(path, [])
    assert given, ASKED.format(path=path, section=section, name=name)
    assert len(given) == 1, f"`{path}` has the marks {given}: keep one"


def test_no_mark_is_of_a_field_that_is_gone() -> None:
    known = {joined(*field) for field in FIELDS}
    assert set(field_marks.marks()) | INDIRECT == known


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data.sources.payments.eventTime", Mark.DATA),
        ("data.sources.payments.columns.amount.min", Mark.CHECK),
        ("model.params.tags", Mark.DATA),
        ("model.params.tags.inner", Mark.DATA),
        ("model.tags.params", Mark.METADATA),
        ("features.sets.inputs.fields.amount", Mark.DATA),
        ("workspace:stack.registry.uri", Mark.DATA),
        ("lock:environments.prod.images", Mark.DATA),
        ("lock:environments.prod.models.m@champion.version", Mark.SERVING),
        ("data.sources", None),
        ("features", None),
    ],
)
def test_a_path_is_marked_by_the_field_it_lies_in(path: str, expected: Mark | None) -> None:
    assert mark(path) is expected
