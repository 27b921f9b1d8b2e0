"""`mlopsctl engines`: every engine of the language, in three formats that say the same."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from mlopsctl.catalogue.stages import PRODUCES, STAGES
from mlopsctl.engines import ENGINES
from mlopsctl.engines.known import engines
from mlopsctl.spec.stack.stages import Stack

KNOWN = [engine for stage in STAGES for engine in engines(stage)]


def listed(run: Any, *arguments: str) -> list[dict[str, Any]]:
    ran = run("engines", *arguments, "-o", "json")
    assert ran.code == 0
    return list(json.loads(ran.out)["engines"])


def test_every_engine_that_the_language_knows_is_listed(run: Any) -> None:
    of_language = set()
    for stage, field in Stack.model_fields.items():
        for kind in get_args(field.annotation) or (field.annotation,):
            sections = get_args(kind) or (kind,)
            for section in sections:
                for arg in get_args(section) or (section,):
                    if hasattr(arg, "model_fields"):
                        words = get_args(arg.model_fields["engine"].annotation)
                        of_language |= {(stage, word) for word in words}
    assert {(facts["stage"], facts["name"]) for facts in listed(run)} == of_language


def test_every_target_renders_an_engine_that_is_listed(run: Any) -> None:
    names = {(facts["stage"], facts["name"]) for facts in listed(run)}
    assert {(engine.stage, name) for engine in ENGINES for name in engine.names} == names


@pytest.mark.parametrize("engine", KNOWN, ids=lambda facts: f"{facts.name}-{facts.default_version}")
def test_text_and_markdown_say_what_an_engine_cannot_do_and_why(engine: Any, run: Any) -> None:
    text, page = run("engines", engine.stage).out, run("engines", engine.stage, "-o", "markdown").out
    for answer in engine.capabilities.values():
        assert answer.why in text
        assert answer.why in page
    assert engine.state in text
    assert engine.notice in text


def test_a_stage_limits_the_list(run: Any) -> None:
    assert {facts["stage"] for facts in listed(run, "checks")} == {"checks"}
    assert [facts["name"] for facts in listed(run, "checks")] == ["deepchecks", "great-expectations", "etiq"]


def test_a_misspelt_stage_is_helped(run: Any) -> None:
    ran = run("engines", "servin")
    assert ran.code == 2
    assert "did you mean `serving`?" in ran.err


def test_every_stage_says_what_comes_out_of_it() -> None:
    assert tuple(PRODUCES) == STAGES


def test_no_word_of_the_catalogue_breaks_a_table() -> None:
    for engine in KNOWN:
        for answer in engine.capabilities.values():
            assert "|" not in answer.why + answer.instead + engine.notice + engine.licence_note
