"""A plan decides by kinds and names: another wording changes what is read, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from blueprints import EXAMPLES

from mlopsctl.plan import wording
from mlopsctl.plan.model import Action, Effect, Kind, Plan
from mlopsctl.plan.project_plan import compared
from mlopsctl.plan.sides import decided
from mlopsctl.project import discovery as projects

Planned = Callable[[], Plan]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The payments example, and a feature of it of another type."""
    before = decided(projects.load(str(EXAMPLES / "payments")), (), "before", broken=True)
    home = tmp_path_factory.mktemp("after") / "examples" / "payments"
    shutil.copytree(EXAMPLES / "payments", home)
    file = home / "systems" / "card-fraud" / "mlops.yaml"
    text = file.read_text(encoding="utf-8")
    assert "txn_count_1h: {type: int64, min: 0}" in text
    file.write_text(text.replace("txn_count_1h: {type: int64, min: 0}", "txn_count_1h: {type: float64, min: 0}", 1))
    project = projects.load(str(home))
    after = decided(project, (), "after", broken=True)
    return lambda: compared(project, before, after, 0)


def test_guards_and_endpoints_do_not_depend_on_the_words(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = planned()
    monkeypatch.setattr(wording, "endpoint", lambda link: f"served model {link.name}")
    monkeypatch.setattr(wording, "EFFECTS", dict.fromkeys(Effect, "?"))
    monkeypatch.setattr(wording, "ACTIONS", dict.fromkeys(Action, "?"))
    reworded = planned()
    assert [guard.code for guard in plain.guards] == ["MLC920"]
    assert [guard.code for guard in reworded.guards] == ["MLC920"]
    assert (reworded.changes, reworded.endpoints, reworded.reviewers) == (
        plain.changes,
        plain.endpoints,
        plain.reviewers,
    )


def test_a_chain_ends_at_an_endpoint_by_its_kind(planned: Planned) -> None:
    plan = planned()
    (end,) = plan.endpoints
    assert (end.kind, end.system, end.name, end.tier, end.owner) == (
        Kind.ENDPOINT, "card-fraud", "fraud-scorer", 1, "team-risk",
    )  # fmt: skip


@pytest.mark.parametrize(("words", "kinds"), [(wording.EFFECTS, Effect), (wording.ACTIONS, Action)])
def test_every_effect_and_every_action_has_words_of_its_own(words: Mapping[Any, str], kinds: Any) -> None:
    assert set(words) == set(kinds)
    assert len(set(words.values())) == len(kinds)
