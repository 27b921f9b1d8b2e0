"""Findings that only repeat another: told apart by place, and never the only word about a mistake."""

from __future__ import annotations

import pytest
from projects import DIGEST, WORKSPACE, checked, edited, spec

from mlopsctl.diagnostics.model import Severity


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("path: data/card_stats.parquet", "path: *stats", ["MLC014"]),
        ("fields: [txn_count_1h]", "fields: &all [txn_count_1h, *all]", ["MLC015"]),
        ("txn_count_1h: {type: int64}", "txn_count_1h: {<<: {type: int64}}", ["MLC008"]),
        ("owner: team-risk", "owner: !!str team-risk", ["MLC007"]),
        ("holdout: 14d", "holdout: 99999999999999999999", ["MLC016"]),
        ("summary: The scorer is away", 'summary: "away \\a"', ["MLC006"]),
    ],
)
def test_what_could_not_be_read_is_neither_judged_nor_missed(old: str, new: str, codes: list[str]) -> None:
    assert checked(spec((old, new))).codes == codes


def test_a_variable_that_is_not_there_is_not_judged_as_text() -> None:
    assert checked(spec(("ttl: 2h", "ttl: '${vars.ttl}'"))).codes == ["MLC115"]
    assert checked(spec(("label: is_fraud", "label: '${vars.label}'"))).codes == ["MLC115"]


def test_a_text_that_has_the_wrong_form_is_not_called_a_template_as_well() -> None:
    assert checked(spec(("ttl: 2h", "ttl: '{{ ttl }}'"))).codes == ["MLC106"]


def test_one_thing_that_weighs_differently_in_two_environments_is_told_as_the_heavier() -> None:
    workspace = edited(WORKSPACE, ("promoteFrom: dev", "promoteFrom: dev, protect: true"))
    finding = checked(spec((f"@{DIGEST}", ":1")), workspace=workspace).only()
    assert (finding.severity, finding.environments) == (Severity.ERROR, ("prod",))


def test_a_note_is_told_only_where_nothing_is_wrong() -> None:
    workspace = edited(WORKSPACE, ("  git: {repository: https://git.example.com/acme/ml}\n", ""))
    assert checked(spec(), workspace=workspace).codes == ["MLC513"]
    assert checked(spec(("ttl: 2h", "ttl: 1m")), workspace=workspace).codes == ["MLC302"]
