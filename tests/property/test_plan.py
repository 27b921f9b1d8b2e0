"""A plan and the rendered bytes agree: an edit that changes a byte is in the plan, one that changes none is nothing."""

from __future__ import annotations

from functools import cache

import pytest
from blueprints import EXAMPLES
from hostile import counts
from msgspec.structs import replace
from spec_edits import Edit, edits

from mlopsctl.compiler import ready, render
from mlopsctl.plan import project_plan as plans
from mlopsctl.plan.sides import Side, decided
from mlopsctl.plan.wording import EFFECTS
from mlopsctl.project import discovery as projects

LEAST = {"payments": 150, "alternatives": 70}
"""So many values at least can be changed to something that is allowed."""


@cache
def base(example: str) -> tuple[projects.Project, Side]:
    project = projects.load(str(EXAMPLES / example))
    return project, decided(project, (), "before", broken=True)


def allowed(project: projects.Project, candidates: list[Edit]) -> tuple[Edit, Side] | None:
    """Return the first edit that the rules take, with what was decided."""
    for candidate in candidates:
        after = decided(replace(project, documents=candidate.documents), (), "after", broken=True)
        if ready(after.diagnostics) and after.shared:
            return candidate, after
    return None


def rendered(side: Side) -> dict[str, str]:
    return {
        f"{environment.environment}/{unit}/{file.path}": file.content
        for environment in side.shared
        for unit, files in render(environment).items()
        for file in files
    }


@pytest.mark.parametrize("example", LEAST)
def test_an_edit_is_in_the_plan_where_it_changes_a_byte_and_nothing_where_it_changes_none(example: str) -> None:
    project, before = base(example)
    bytes_before, tried, wrong = rendered(before), 0, []
    for candidates in edits(project.documents):
        choice = allowed(project, candidates)
        if choice is None:
            continue
        edit, after = choice
        tried += 1
        plan = plans.compared(project, before, after, 0)
        differs = rendered(after) != bytes_before
        if differs != (plan.effect > 0) or differs != (plan.files > 0):
            description = f"{EFFECTS[plan.effect]} in {plan.files} files, and bytes differ: {differs}"
            wrong.append(f"{edit.where}: {edit.old} -> {edit.new}: {description}")
    counts.tell(f"edits planned, {example}", tried, f"{len(wrong)} plans differ from the bytes")
    assert wrong == []
    assert tried > LEAST[example]
