"""A field's mark is the truth: an edit starts a training run where the field is of the data or of the checks.

The oracle is the training fingerprint of the compiled examples: every value of their documents is changed to another
that the rules allow, and it is looked at which fingerprints are others then.
"""

from __future__ import annotations

import pytest
from blueprints import EXAMPLES
from hostile import counts
from spec_edits import Edit, edits

from mlopsctl.blueprint.provenance.paths import LOCK, WORKSPACE
from mlopsctl.catalogue.field_marks import Mark, mark
from mlopsctl.compiler import check, ready
from mlopsctl.project import discovery as projects
from mlopsctl.resolve.documents import Documents

LEAST = {"payments": 150, "demand-forecast": 60}
"""So many values at least can be changed to something that is allowed."""


def runs(documents: Documents) -> dict[str, str] | None:
    """Return the training fingerprints; None where a rule forbids the edit."""
    shared, diagnostics = check(documents)
    if not ready(diagnostics) or not shared:
        return None
    return {
        f"{environment.environment}/{pipeline.name}": pipeline.hash
        for environment in shared
        for system in environment.systems
        for pipeline in system.pipelines
        if pipeline.purpose == "train"
    }


def marked(edit: Edit) -> Mark | None:
    """Return the mark of the field that an edit is of."""
    file, keys = edit.where
    path = ".".join(keys[1:] if keys[0] == "spec" else keys)
    if file == WORKSPACE and keys[1:2] == ("environments",) and keys[3:4] == ("stack",):
        path = ".".join(keys[3:])
    return mark(f"{file}:{path}" if file in (WORKSPACE, LOCK) else path)


def may_be_idle(edit: Edit) -> bool:
    """Tell whether no run need start: of a column that no set reads, of a version that builds the same packages."""
    return "columns" in edit.where.keys or edit.where.keys[-3:] == ("stack", "serving", "version")


@pytest.mark.parametrize("example", LEAST)
def test_an_edit_starts_a_run_where_its_field_is_marked_as_data_or_check_and_nowhere_else(example: str) -> None:
    documents = projects.load(str(EXAMPLES / example)).documents
    before, tried, wrong = runs(documents), 0, []
    for candidates in edits(documents):
        change = next(
            ((candidate, after) for candidate in candidates if (after := runs(candidate.documents)) is not None), None
        )
        if change is None or "vars" in change[0].where.keys:
            continue
        edit, after = change
        tried += 1
        starts, trains = after != before, marked(edit) in (Mark.DATA, Mark.CHECK)
        if starts != trains and not (trains and may_be_idle(edit)):
            wrong.append(f"{edit.where}: {edit.old} -> {edit.new}: {marked(edit)}, and a run starts: {starts}")
    counts.tell(f"edits held to the marks of their fields, {example}", tried, f"{len(wrong)} differ")
    assert wrong == []
    assert tried > LEAST[example]
