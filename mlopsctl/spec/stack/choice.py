"""The settings class of each engine by stage and name, to build a section that no file contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from mlopsctl.spec.shape import tags
from mlopsctl.spec.stack.settings import EngineSettings, FeatureStoreSettings, RegistrySettings
from mlopsctl.spec.stack.stages import STAGES, Stack, allow
from mlopsctl.spec.words import Section
from mlopsctl.spec.workspace import Environment, Workspace, WorkspaceSpec

__all__ = ["STAGES", "add", "built", "sections", "setting_names", "settings", "unfit", "with_version"]


def sections(stage: str) -> dict[str, type[Section]]:
    """Return the section of every engine of a stage, by engine name."""
    by_engine = {}
    for section in _flat(Stack.model_fields[stage].annotation):
        if isinstance(section, type) and issubclass(section, Section):
            for name in get_args(section.model_fields["engine"].annotation):
                by_engine[str(name)] = section
    return by_engine


_BASES: Final[Mapping[str, type[EngineSettings]]] = {
    "features": FeatureStoreSettings,
    "registry": RegistrySettings,
}
"""The class that the settings of a stage must extend where the rest of the package reads more than `engine`."""
_FIELDS: Final[Mapping[str, str]] = {"features": "project", "registry": "uri"}


def unfit(stage: str, section: type, engine: str) -> str:
    """Return why a class cannot be the settings of an engine of another package; empty if it can."""
    base = _BASES.get(stage, EngineSettings)
    if not issubclass(section, base):
        return f"does not extend {base.__name__}"
    if stage in _FIELDS and _FIELDS[stage] not in section.model_fields:
        return f"needs the field `{_FIELDS[stage]}`, which may be None"
    if section.model_fields.get("engine") is None or tags(section, "engine") != (engine,):
        return f'needs the field `engine: Literal["{engine}"]`'
    if "version" not in section.model_fields:
        return "needs the field `version: Version` with a default"
    names = {section_type.__name__ for stage in STAGES for section_type in sections(stage).values()}
    return f"has the name of another engine's class, {section.__name__}" if section.__name__ in names else ""


def add(stage: str, section: type[Section]) -> None:
    """Allow an engine with these settings at a stage."""
    allow(stage, dict.fromkeys((*sections(stage).values(), section)))
    for model in (Stack, Environment, WorkspaceSpec, Workspace):
        model.model_rebuild(force=True)


def _flat(annotation: Any) -> Iterator[Any]:
    parts = get_args(annotation)
    if not parts:
        yield annotation
    for part in parts:
        yield from _flat(part)


def built(stage: str, engine: str, version: str = "") -> tuple[Any, tuple[str, ...]]:
    """Build an engine's section with its defaults; also return the settings without a default."""
    section = sections(stage)[engine]
    lacking = [name for name, field in section.model_fields.items() if field.is_required() and name != "engine"]
    chosen: dict[str, Any] = {"engine": engine, **dict.fromkeys(lacking)}
    if version:
        chosen["version"] = version
    return section.model_construct(**chosen), tuple(str(section.model_fields[name].alias or name) for name in lacking)


def with_version(section: Any, version: str) -> Any:
    """Return a section with another version and the same settings."""
    return section.model_copy(update={"version": version}) if version else section


def settings(section: Any) -> dict[str, Any]:
    """Return the non-default settings of a section by key, without engine and version."""
    return {
        str(field.alias or name): getattr(section, name)
        for name, field in type(section).model_fields.items()
        if name not in ("engine", "version") and getattr(section, name) != field.default
    }


def setting_names(section: Any) -> frozenset[str]:
    """Return the names of a section's settings."""
    return frozenset(str(field.alias or name) for name, field in type(section).model_fields.items())
