"""Another engine at a stage: which section would stand there, and with whose settings.

In: documents, and choices that a person made. Out: sections by environment and stage, and what is known of each. The
settings are those that the workspace has for that engine in another place, else the defaults. Never changes a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.resolve.documents import Documents, workspace
from mlopsctl.resolve.stack import engines
from mlopsctl.spec.stack import choice

STAGES = choice.STAGES


class Choice(NamedTuple):
    """An engine for a stage; no version stands for the settings' or the default one."""

    stage: str
    engine: str
    version: str = ""


class Standing(NamedTuple):
    """What would stand at a stage: the section, whose settings it has, and what has to be said about them.

    `needs` are settings without a default, `left` those of the engine now there that the other one does not know.
    """

    choice: Choice
    section: Any
    settings_of: str
    needs: tuple[str, ...]
    left: tuple[str, ...]


def known_engines(stage: str) -> tuple[str, ...]:
    """List the engines that may stand at a stage."""
    return tuple(choice.sections(stage))


def standing(documents: Documents, choices: Iterable[Choice]) -> dict[str, dict[str, Standing]]:
    """Return what would stand where, by environment and stage; nothing where the workspace is not understood."""
    spec, _ = workspace(documents, [])
    if spec is None:
        return {}
    found: dict[str, dict[str, Standing]] = {}
    for name, environment in spec.spec.environments.items():
        now = engines(spec.spec.stack, environment.stack, spec.spec.git is not None)
        found[name] = {one.stage: _standing(one, name, spec, getattr(now, one.stage)) for one in choices}
    return found


def _standing(one: Choice, environment: str, spec: Any, now: Any) -> Standing:
    like = next(_likes(one, environment, spec), None)
    whose = like[0] if like else "defaults"
    section, needs = choice.built(one.stage, one.engine, one.version)
    if like:
        section, needs = choice.with_version(like[1], one.version), ()
    said = choice.settings(now) if now is not None else {}
    left = tuple(name for name in said if name not in choice.words(section))
    return Standing(one, section, whose, needs, left)


def _likes(one: Choice, environment: str, spec: Any) -> Iterator[tuple[str, Any]]:
    """Yield the sections that the workspace has for the engine: this environment's, its own, then the others'."""
    stacks: Mapping[str, Any] = {
        f"environment `{environment}`": spec.spec.environments[environment].stack,
        "the workspace": spec.spec.stack,
        **{f"environment `{name}`": other.stack for name, other in spec.spec.environments.items()},
    }
    for whose, stack in stacks.items():
        section = getattr(stack, one.stage)
        if section is not None and section.engine == one.engine and _same_line(section, one.version):
            yield whose, section


def _same_line(section: Any, version: str) -> bool:
    """Tell whether settings fit another version: those of another major version may mean something else."""
    mine = str(getattr(section, "version", ""))
    return not version or mine.partition(".")[0] == version.partition(".")[0]
