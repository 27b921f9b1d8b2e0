"""What a plan says of edits of the payments example, each as a person would make it in a pull request."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from blueprints import EXAMPLES

from mlopsctl.plan import project_plan as plans
from mlopsctl.plan.sides import Side, decided
from mlopsctl.plan.views.json import document
from mlopsctl.project import discovery as projects

EDITS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "edits.yaml").read_text(encoding="utf-8"))


@cache
def base() -> Side:
    return decided(projects.load(str(EXAMPLES / "payments")), (), "before", broken=True)


def planned(folder: Path, edits: list[list[str]]) -> dict[str, Any]:
    """Edit a copy of the example and plan the change."""
    home = folder / "examples" / "payments"
    shutil.copytree(EXAMPLES / "payments", home)
    for file, old, new in edits:
        text = (home / file).read_text(encoding="utf-8")
        assert old in text, f"the example has no `{old}` any more"
        (home / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    project = projects.load(str(home))
    after = decided(project, (), "after", broken=True)
    return document(plans.compared(project, base(), after, 0))


def test_there_are_edits_of_everything() -> None:
    assert len(EDITS) >= 60
    assert {edit["effect"] for edit in EDITS} >= {
        "destroys", "breaks", "retrains", "re-evaluates", "rolls serving", "reroutes traffic",
        "rules only", "pipelines only", "metadata only", "nothing",
    }  # fmt: skip


@pytest.mark.parametrize("row", EDITS, ids=lambda row: row["edits"][0][2].strip().replace("\n", " ")[:60])
def test_an_edit_has_these_effects_this_path_and_these_reviewers(row: dict[str, Any], tmp_path: Path) -> None:
    document = planned(tmp_path, row["edits"])

    changes = [
        f"{change['effect']}: {change['system'] + ':' if change['system'] else ''}{change['path']}"
        for change in document["changes"]
    ]
    paths = [" → ".join(chain) for change in document["changes"] for chain in change["chains"]]
    assert (document["effect"], changes) == (row["effect"], row["changes"])
    assert row["path"] == (paths[0] if paths else "")
    assert document["reviewers"] == row["reviewers"]
    assert [f"{guard['severity']} {guard['code']}" for guard in document["guards"]] == row.get("guards", [])
    if "follows" in row:
        follows = {
            f"{each['effect']}: {each['on']}" for change in document["changes"] for each in change["consequences"]
        }
        assert follows == set(row["follows"])
