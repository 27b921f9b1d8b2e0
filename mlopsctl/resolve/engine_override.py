"""Replace the engine of a stage: the section, and its settings.

The settings are those of the same engine elsewhere in the workspace, otherwise the defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mlopsctl.resolve import plugins
from mlopsctl.resolve.documents import Documents, workspace
from mlopsctl.resolve.stack import engines
from mlopsctl.spec.stack import choice

STAGES = choice.STAGES


class Choice(NamedTuple):
    """An engine for a stage; without a version, the settings' or the default one."""

    stage: str
    engine: str
    version: str = ""


class EngineOverride(NamedTuple):
    """The replacement at a stage: the section, the source of its settings, and notes about them.

    `needs` are settings without a default, `left` settings of the current engine that the other one does not have.
    """

    choice: Choice
    section: Any
    settings_of: str
    needs: tuple[str, ...]
    dropped: tuple[str, ...]


def known_engines(stage: str) -> tuple[str, ...]:
    """Return the engines of a stage, plug-ins included."""
    plugins.enable_all()
    return tuple(choice.sections(stage))


def overrides(documents: Documents, choices: Iterable[Choice]) -> dict[str, dict[str, EngineOverride]]:
    """Return the replacements by environment and stage; empty if the workspace has errors."""
    spec, _ = workspace(documents, [])
    if spec is None:
        return {}
    by_environment: dict[str, dict[str, EngineOverride]] = {}
    for name, environment in spec.spec.environments.items():
        now = engines(spec.spec.stack, environment.stack, spec.spec.git is not None)
        by_environment[name] = {
            selection.stage: _override(selection, name, spec, getattr(now, selection.stage)) for selection in choices
        }
    return by_environment


def _override(choice_made: Choice, environment: str, spec: Any, now: Any) -> EngineOverride:
    like = next(_likes(choice_made, environment, spec), None)
    origin = like[0] if like else "defaults"
    section, needs = choice.built(choice_made.stage, choice_made.engine, choice_made.version)
    if like:
        section, needs = choice.with_version(like[1], choice_made.version), ()
    settings = choice.settings(now) if now is not None else {}
    left = tuple(name for name in settings if name not in choice.setting_names(section))
    return EngineOverride(choice_made, section, origin, needs, left)


def _likes(choice_made: Choice, environment: str, spec: Any) -> Iterator[tuple[str, Any]]:
    """Yield the engine's sections: of this environment, of the workspace, then of the other environments."""
    stacks: Mapping[str, Any] = {
        f"environment `{environment}`": spec.spec.environments[environment].stack,
        "the workspace": spec.spec.stack,
        **{f"environment `{name}`": other.stack for name, other in spec.spec.environments.items()},
    }
    for origin, stack in stacks.items():
        section = getattr(stack, choice_made.stage)
        if section is not None and section.engine == choice_made.engine and _same_line(section, choice_made.version):
            yield origin, section


def _same_line(section: Any, version: str) -> bool:
    """Return whether settings apply to another version: they may differ between major versions."""
    mine = str(getattr(section, "version", ""))
    return not version or mine.partition(".")[0] == version.partition(".")[0]
