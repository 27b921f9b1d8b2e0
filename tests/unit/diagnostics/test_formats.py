"""Every format of the registries: held to a golden text, and to what a hostile value may not do in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click import Choice, Context
from click.testing import CliRunner
from msgspec.structs import replace
from unit.diagnostics.findings import HOSTILE, LINES, bare, document, place, source_line, stale
from unit.diagnostics.view_documents import diff_document, plan_document, portability_document

from mlopsctl.catalogue.capability import Capability
from mlopsctl.cli.group import VERBS, mlopsctl
from mlopsctl.cli.output import show_document
from mlopsctl.cli.views.engine_capabilities import document as engines_document
from mlopsctl.cli.views.formats import BY_VERB
from mlopsctl.diagnostics.model import Severity
from mlopsctl.diagnostics.render.formats import FINDINGS, Page
from mlopsctl.emit import yaml
from mlopsctl.engines.known import engine
from mlopsctl.manifest_diff.comparison import compare
from mlopsctl.manifest_diff.views import json as diff_json
from mlopsctl.plan.model import (
    Action,
    Answer,
    Change,
    Consequence,
    Cost,
    Effect,
    EffectTarget,
    Kind,
    Link,
    Plan,
    Summary,
)
from mlopsctl.plan.views import json as plan_json
from mlopsctl.portability.model import Difference, Files, Loss, Ported, Reading, Swap
from mlopsctl.portability.views import json as portability_json

GOLDEN = Path(__file__).parent / "formats"
PAGE = Page(source_line, version="0")
FORBIDDEN = ("\x1b", "\x07", "\u202e", "\u200b", "\r", "\n::error::x")


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_are_printed_as_the_golden_text_of_the_format(name: str, golden: Callable[[Path, str], None]) -> None:
    diagnostics = (
        stale().in_environment("prod"),
        bare("nothing is locked", "run `mlopsctl lock`"),
        bare("it is served by one copy", severity=Severity.NOTE),
    )
    golden(GOLDEN / f"{name}.txt", FINDINGS[name](document(*diagnostics, environments=("dev", "prod")), PAGE))


def hostile() -> dict[str, Any]:
    finding = stale()
    assert finding.place
    where = place(27, 12, 3, HOSTILE, HOSTILE)
    return document(replace(finding, message=HOSTILE, place=where, related=(where,), help=HOSTILE, path=HOSTILE))


@pytest.mark.parametrize("name", FINDINGS)
def test_a_hostile_value_steers_no_reader_of_a_format(name: str) -> None:
    """What a terminal or a workflow log would obey is written out, in every part of a finding."""
    page = PAGE._replace(source_line=lambda _file, _line: HOSTILE)
    printed = FINDINGS[name](hostile(), page)
    assert not [sign for sign in FORBIDDEN if sign in printed]
    assert "evil.example" in printed


@pytest.mark.parametrize("name", FINDINGS)
def test_a_source_that_is_gone_takes_nothing_away_but_the_snippet(name: str) -> None:
    printed = FINDINGS[name](document(stale()), PAGE._replace(source_line=lambda _file, _line: None))
    assert "MLC301" in printed
    assert next(iter(LINES)) in printed.replace("%2D", "-")


def hostile_plan() -> dict[str, Any]:
    end = Link(Kind.ENDPOINT, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE)
    effect = Consequence(Effect.BREAKS, HOSTILE, EffectTarget(Kind.ENDPOINT, HOSTILE), HOSTILE, (HOSTILE,))
    chain = (Link(Kind.FIELD, HOSTILE, HOSTILE, HOSTILE), end)
    change = Change(HOSTILE, Action.CHANGED, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), (effect,), (chain,), (HOSTILE,))
    line = Summary(HOSTILE, HOSTILE, 1, (Effect.BREAKS,), (HOSTILE,))
    answer = Answer(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "serves", False, HOSTILE)
    cost = Cost(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    guards = (replace(stale(), message=HOSTILE),)
    every = ((change,), (line,), (end,), (HOSTILE,), (answer,), (cost,), guards)
    return plan_json.document(Plan(HOSTILE, (HOSTILE,), *every))


def hostile_diff() -> dict[str, Any]:
    where = "prod/s/kind/manifests/one.yaml"
    thing = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
    old, new = ({where: yaml.dumps({**thing, "data": {"a": value}})} for value in ("b", HOSTILE))
    return diff_json.document(compare(old, new), HOSTILE, HOSTILE)


def hostile_report() -> dict[str, Any]:
    several = (HOSTILE, HOSTILE)
    swap = Swap("serving", HOSTILE, HOSTILE, HOSTILE, several, HOSTILE, several, several, several)
    loss = Loss(HOSTILE, HOSTILE, "error", "MLC301", HOSTILE, HOSTILE)
    difference = Difference("serving", HOSTILE, "lost", several, HOSTILE, HOSTILE)
    reading = Reading(HOSTILE, HOSTILE, several, ())
    files = Files(HOSTILE, 1, 2, 3, 4)
    lists = ((swap,), (loss,), (loss,), (difference,), (reading,), several)
    return portability_json.document([Ported(HOSTILE, *lists, 1, (files,), several)])


def hostile_engines() -> dict[str, Any]:
    """Facts of an engine of another package, whose author may write anything."""
    answer = Capability(False, HOSTILE, HOSTILE, HOSTILE)
    facts = engine("serving", "kserve")
    assert facts
    texts = {"name": HOSTILE, "versions": (HOSTILE,), "licence_note": HOSTILE, "notice": HOSTILE}
    return engines_document([facts._replace(**texts, capabilities={HOSTILE: answer})])


def hostile_status() -> dict[str, Any]:
    names = ("name", "sync", "health", "revision", "message")
    model = dict.fromkeys(("system", "endpoint", "role", "locked", "live", "live_uri", "ready"), HOSTILE)
    drift = {"verdict": "changed", "kind": HOSTILE, "name": HOSTILE, "unit": HOSTILE}
    environment = {
        "environment": "prod",
        "reached": True,
        "cluster": {"server": HOSTILE, "context": HOSTILE},
        "applications": [dict.fromkeys(names, HOSTILE)],
        "models": [{**model, "agrees": False}],
        "drift": [drift],
        "complete": False,
    }
    return {"version": 1, "environments": [environment]}


def hostile_explanation() -> dict[str, Any]:
    where = {"file": "mlops.yaml", "line": 1, "column": 1, "endLine": 1, "endColumn": 2, "label": HOSTILE}
    origin = {"path": HOSTILE, "set": True, "overridden": True, "place": where}
    reason = {"values": [HOSTILE], "sentence": HOSTILE, "origins": [origin]}
    piece = {"kind": "alert", "name": HOSTILE, "lines": [1, 2], "reasons": [reason], "origins": [origin]}
    return {"version": 1, "file": HOSTILE, "state": "clean", "line": 1, "text": HOSTILE, "pieces": [piece, piece]}


DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "validate": hostile,
    "render": hostile,
    "plan": hostile_plan,
    "plan --stack": hostile_report,
    "diff": hostile_diff,
    "engines": hostile_engines,
    "affected": lambda: {"systems": [{"system": "s", "owner": HOSTILE, "environments": [HOSTILE], "effects": []}]},
    "status": hostile_status,
    "explain": hostile_explanation,
}
FORMATS = [(verb, name) for verb, formats in BY_VERB.items() for name in formats]


@pytest.mark.parametrize(("verb", "name"), FORMATS)
@pytest.mark.parametrize("detail", [True, False])
def test_a_hostile_value_steers_no_reader_of_any_format(
    verb: str, name: str, detail: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    show_document(BY_VERB[verb], DOCUMENTS[verb](), name, PAGE._replace(detail=detail))
    printed = capsys.readouterr().out
    assert printed
    assert not [sign for sign in FORBIDDEN if sign in printed]


VIEWS = {"plan": plan_document, "diff": diff_document, "plan --stack": portability_document}
SUMMARISED = ("plan",)
"""Verbs whose default output is shorter than with `--detail`, and has words of its own."""


@pytest.mark.parametrize(("verb", "name"), [(verb, name) for verb, name in FORMATS if verb in VIEWS])
def test_a_small_document_is_printed_as_the_golden_text(
    verb: str, name: str, golden: Callable[[Path, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    show_document(BY_VERB[verb], VIEWS[verb](), name, PAGE._replace(detail=verb not in SUMMARISED))
    golden(golden_file(verb, name), capsys.readouterr().out)


OTHERS = [(verb, name) for verb, name in FORMATS if verb not in (*VIEWS, "validate", "render")]


@pytest.mark.parametrize(("verb", "name"), OTHERS)
def test_a_hostile_document_is_printed_as_the_golden_text(
    verb: str, name: str, golden: Callable[[Path, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    show_document(BY_VERB[verb], DOCUMENTS[verb](), name, PAGE)
    golden(golden_file(verb, name), capsys.readouterr().out)


def golden_file(verb: str, name: str) -> Path:
    return GOLDEN / f"{verb.replace(' --', '-')}-{name}.txt"


COMMENTS = ("validate", *VIEWS)
"""Verbs whose Markdown is a comment; that of `engines` holds the words of installed packages, markup included."""


@pytest.mark.parametrize("verb", COMMENTS)
def test_a_hostile_value_becomes_no_markup_mention_or_link(verb: str) -> None:
    """Fenced lines are shown as they are; the diff's own tests hold the fence."""
    printed = BY_VERB[verb]["markdown"](DOCUMENTS[verb](), PAGE)
    outside = re.sub(r"^(`{3,})diff\n.*?^\1$", "", printed, flags=re.DOTALL | re.MULTILINE)
    assert "evil.example" in printed
    assert not [mark for mark in ("<img", "@team", "#1", "https://", "http://", " [a](b)") if mark in outside]


def test_every_golden_text_is_of_a_registered_format() -> None:
    named = {
        golden_file(verb, name) for verb, name in (*OTHERS, *((verb, name) for verb in VIEWS for name in BY_VERB[verb]))
    }
    assert set(GOLDEN.iterdir()) == named | {GOLDEN / f"{name}.txt" for name in FINDINGS}


@pytest.mark.parametrize("verb", BY_VERB)
def test_a_verb_offers_the_formats_of_its_registry(verb: str) -> None:
    command = mlopsctl.get_command(Context(mlopsctl), verb.partition(" ")[0])
    assert command
    (option,) = [param for param in command.params if param.name == "output_format"]
    assert isinstance(option.type, Choice)
    assert tuple(option.type.choices) == tuple(BY_VERB[verb])
    assert option.default == next(iter(BY_VERB[verb])) == "text"
    assert CliRunner().invoke(command, ["-o", "no-format"]).exit_code == 2


def test_every_verb_with_formats_is_in_the_registry() -> None:
    commands = {verb: mlopsctl.get_command(Context(mlopsctl), verb) for verb in VERBS}
    offering = {
        verb
        for verb, command in commands.items()
        if command and any(param.name == "output_format" for param in command.params)
    }
    assert offering == {verb.partition(" ")[0] for verb in BY_VERB}
