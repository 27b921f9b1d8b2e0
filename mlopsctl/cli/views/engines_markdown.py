"""The engines as Markdown: a page with all capabilities, and the table of the README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlopsctl.catalogue.stages import PRODUCES, STAGES
from mlopsctl.cli.views.engine_capabilities import Json, can, cannot
from mlopsctl.engines.base import Facts
from mlopsctl.engines.known import engines


def render(document: Json) -> str:
    """Return a section per engine: its state, its capabilities, and a table of its limits."""
    return "\n".join(line for engine in document["engines"] for line in _section(engine)).rstrip("\n") + "\n"


def _section(engine: Json) -> Iterator[str]:
    yield f"## {engine['stage']}: {engine['name']}{_versions(engine['versions'])}"
    yield ""
    sentences = filter(None, (engine["state"], engine["licence"], engine["notice"]))
    yield " ".join(f"{text[:1].upper()}{text[1:]}." for text in sentences)
    yield ""
    if can(engine):
        yield f"Can: {', '.join(can(engine))}."
        yield ""
    refused = cannot(engine)
    if refused:
        yield "| cannot | why | instead |"
        yield "|---|---|---|"
        yield from (f"| {ability} | {why} | {instead} |" for ability, why, instead in refused)
        yield ""


def table() -> str:
    """Return the README's table: a row per stage, each engine with its page, versions and state."""
    lines = ["| stage | engines | what comes out |", "|---|---|---|"]
    for stage in STAGES:
        lines.append(
            f"| {stage} | {', '.join(_linked_name(engine) for engine in engines(stage))} | {PRODUCES[stage]} |"
        )
    return "\n".join(lines) + "\n"


def _linked_name(engine: Facts) -> str:
    state = "" if engine.state == "maintained" else f" ({engine.state})"
    own = engine.package.removeprefix("mlopsctl.engines.")
    name = f"[{engine.name}](mlopsctl/engines/{own}/README.md)" if own != engine.package else engine.name
    return f"{name}{_versions(engine.versions)}{state}"


def _versions(versions: Sequence[str]) -> str:
    if not versions:
        return ""
    return f" {versions[0]}" if len(versions) == 1 else f" {versions[0]}-{versions[-1]}"
