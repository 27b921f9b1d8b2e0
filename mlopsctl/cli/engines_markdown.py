"""The engines as Markdown: a page of all they can do, and the short table of the README.

In: engines. Out: text, of words of the catalogue alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlopsctl.catalogue.engines import PRODUCES, STAGES, Engine, engines
from mlopsctl.cli.engines import can, cannot
from mlopsctl.targets import TARGETS


def page(found: Iterable[Engine]) -> str:
    """Write a section an engine: its state, what it can do, and a table of what it cannot."""
    return "\n".join(line for one in found for line in _section(one)).rstrip("\n") + "\n"


def _section(engine: Engine) -> Iterator[str]:
    yield f"## {engine.stage}: {engine.name}{_versions(engine)}"
    yield ""
    said = filter(None, (engine.state, engine.licence_note, engine.notice))
    yield " ".join(f"{one[:1].upper()}{one[1:]}." for one in said)
    yield ""
    if can(engine):
        yield f"Can: {', '.join(can(engine))}."
        yield ""
    refused = cannot(engine)
    if refused:
        yield "| cannot | why | instead |"
        yield "|---|---|---|"
        yield from (f"| {word} | {why} | {instead} |" for word, why, instead in refused)
        yield ""


def table() -> str:
    """Write the README's table: a line a stage, each engine with its page, its versions and its state."""
    lines = ["| stage | engines | what comes out |", "|---|---|---|"]
    for stage in STAGES:
        lines.append(f"| {stage} | {', '.join(_named(one) for one in engines(stage))} | {PRODUCES[stage]} |")
    return "\n".join(lines) + "\n"


def _named(engine: Engine) -> str:
    state = "" if engine.state == "maintained" else f" ({engine.state})"
    module = _target(engine)
    name = f"[{engine.name}](mlopsctl/targets/{module}/README.md)" if module else engine.name
    return f"{name}{_versions(engine)}{state}"


def _target(engine: Engine) -> str | None:
    """Return the folder of the target that renders an engine; none where the steps alone know it."""
    major = engine.default_version.partition(".")[0]
    served = ((one.module, one.engines) for one in TARGETS if one.stage == engine.stage)
    return next(
        (module for module, known in served if any(name == engine.name and of in (None, major) for name, of in known)),
        None,
    )


def _versions(engine: Engine) -> str:
    versions: Sequence[str] = engine.versions
    if not versions:
        return ""
    return f" {versions[0]}" if len(versions) == 1 else f" {versions[0]}-{versions[-1]}"
