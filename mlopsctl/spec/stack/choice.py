"""The engines of the language by stage and word: to build the section of one that no file chooses.

In: a stage, an engine's word, a version. Out: its section. Never reads a workspace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from mlopsctl.spec.stack import Stack
from mlopsctl.spec.words import Section

STAGES = tuple(Stack.model_fields)


def sections(stage: str) -> dict[str, type[Section]]:
    """Return the section of every engine that may stand at a stage, by the engine's word."""
    found = {}
    for section in _flat(Stack.model_fields[stage].annotation):
        if isinstance(section, type) and issubclass(section, Section):
            for word in get_args(section.model_fields["engine"].annotation):
                found[str(word)] = section
    return found


def _flat(annotation: Any) -> Iterator[Any]:
    parts = get_args(annotation)
    if not parts:
        yield annotation
    for part in parts:
        yield from _flat(part)


def built(stage: str, engine: str, version: str = "") -> tuple[Any, tuple[str, ...]]:
    """Build an engine's section with its defaults, and name the settings that have none."""
    section = sections(stage)[engine]
    lacking = [name for name, field in section.model_fields.items() if field.is_required() and name != "engine"]
    chosen: dict[str, Any] = {"engine": engine, **dict.fromkeys(lacking)}
    if version:
        chosen["version"] = version
    return section.model_construct(**chosen), tuple(str(section.model_fields[name].alias or name) for name in lacking)


def with_version(section: Any, version: str) -> Any:
    """Return a section with another version, all its settings kept."""
    return section.model_copy(update={"version": version}) if version else section


def settings(section: Any) -> dict[str, Any]:
    """Return what a section says that is not a default, by the language's words; its engine and version left out."""
    return {
        str(field.alias or name): getattr(section, name)
        for name, field in type(section).model_fields.items()
        if name not in ("engine", "version") and getattr(section, name) != field.default
    }


def words(section: Any) -> frozenset[str]:
    """Return the settings that a section has."""
    return frozenset(str(field.alias or name) for name, field in type(section).model_fields.items())
