"""Folding and ordering of findings."""

from __future__ import annotations

from msgspec.structs import replace
from unit.diagnostics.findings import bare, place, stale

from mlopsctl.diagnostics.model import Diagnostic, Severity, has_errors, merge

ALL = ("dev", "stage", "prod")


def held(*environments: str) -> tuple[Diagnostic, ...]:
    return tuple(stale().in_environment(name) for name in environments)


def test_a_finding_of_every_environment_belongs_to_the_spec() -> None:
    assert [diagnostic.environments for diagnostic in merge(held("prod", "dev", "stage"), ALL)] == [()]


def test_a_finding_of_some_environments_names_them_in_their_order() -> None:
    assert [diagnostic.environments for diagnostic in merge(held("prod", "dev"), ALL)] == [("dev", "prod")]


def test_a_finding_made_without_an_environment_is_not_narrowed_by_another_run() -> None:
    assert [diagnostic.environments for diagnostic in merge((stale(), *held("prod")), ALL)] == [()]


def test_an_environment_that_was_not_asked_for_is_still_named() -> None:
    assert [diagnostic.environments for diagnostic in merge(held("lab"), ALL)] == [("lab",)]


def test_merging_twice_changes_nothing() -> None:
    once = merge((*held("dev"), bare("x"), stale()), ALL)
    assert merge(once, ALL) == once


def test_findings_come_in_the_order_of_the_file() -> None:
    first, second = replace(stale(), place=place(2, 1, 1)), replace(stale(), place=place(10, 1, 1))
    assert [diagnostic.place for diagnostic in merge((second, bare("no place"), first), ())] == [
        None,
        first.place,
        second.place,
    ]


def test_only_an_error_stops_a_render() -> None:
    assert has_errors((bare("x"), stale()))
    assert not has_errors((bare("x"), bare("x", severity=Severity.NOTE)))
