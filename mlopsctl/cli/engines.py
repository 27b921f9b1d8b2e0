"""`mlopsctl engines`: every engine by stage, with its versions, its state, and what it can and cannot do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from mlopsctl.catalogue.engines import STAGES, Ability, Engine, engines
from mlopsctl.diagnostics.suggest import did_you_mean


@click.command(name="engines")
@click.argument("stage", required=False)
@click.option(
    "-o",
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="How the list is printed.",
)
def command(stage: str | None, output_format: str) -> None:
    """List the engines that may stand at STAGE; without one, at every stage."""
    if stage is not None and stage not in STAGES:
        hint = did_you_mean(stage, list(STAGES)) or f"there are {', '.join(STAGES)}"
        raise click.UsageError(f"there is no stage `{stage}`; {hint}")
    found = [one for name in ((stage,) if stage else STAGES) for one in engines(name)]
    if output_format == "json":
        from mlopsctl.emit import json as json_text

        click.echo(json_text.dumps({"engines": [as_data(one) for one in found]}), nl=False)
    elif output_format == "markdown":
        from mlopsctl.cli.engines_markdown import page

        click.echo(page(found), nl=False)
    else:
        click.echo("\n".join(_text(found)))


def as_data(engine: Engine) -> dict[str, Any]:
    """Return an engine as plain data."""
    return {
        "stage": engine.stage,
        "name": engine.name,
        "versions": list(engine.versions),
        "default": engine.default_version or None,
        "state": engine.state,
        "licence": engine.licence_note or None,
        "notice": engine.notice or None,
        "abilities": [_ability(name, one) for name, one in engine.capabilities.items()],
    }


def _ability(name: str, answer: Ability) -> dict[str, Any]:
    word, _, mode = name.partition("@")
    return {
        "name": word,
        "mode": mode or None,
        "yes": answer.yes,
        "since": answer.since or None,
        "why": answer.why or None,
        "instead": answer.instead or None,
    }


def can(engine: Engine) -> list[str]:
    """List what an engine can do, in words."""
    return [_words(name, one.since and f"from {one.since}") for name, one in engine.capabilities.items() if one.yes]


def cannot(engine: Engine) -> list[tuple[str, str, str]]:
    """List what an engine, or its older versions, cannot do: each with why, and what to do instead."""
    return [
        (_words(name, one.since and f"before {one.since}"), one.why, one.instead)
        for name, one in engine.capabilities.items()
        if not one.yes or one.since
    ]


def _words(name: str, when: str) -> str:
    word, _, mode = name.partition("@")
    return " ".join(filter(None, (word, mode and f"in mode {mode}", when)))


def _text(found: Iterable[Engine]) -> Iterator[str]:
    """Write the list for people, a paragraph an engine."""
    stage = ""
    for one in found:
        if one.stage != stage:
            yield f"{'' if not stage else chr(10)}{one.stage}"
            stage = one.stage
        versions = f" {', '.join(one.versions)}" if one.versions else ""
        yield f"\n  {one.name}{versions}  {one.state}"
        for note in filter(None, (one.licence_note, one.notice)):
            yield f"      note  {note}"
        if can(one):
            yield from _folded("      can   ", can(one))
        for word, why, instead in cannot(one):
            yield f"      not   {word}: {why}{f'; instead: {instead}' if instead else ''}"


_WIDTH = 118


def _folded(start: str, words: Iterable[str]) -> Iterator[str]:
    """Write words on as many lines as they need."""
    line = start
    for word in words:
        if len(line) + len(word) > _WIDTH and line.strip():
            yield line.rstrip()
            line = " " * len(start)
        line += f"{word}, "
    yield line.rstrip(", ")
