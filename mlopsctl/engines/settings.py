"""Import the settings of this package's engines, by stage, from each engine's `settings.py`."""

from __future__ import annotations

from mlopsctl.engines import DEFAULTS, ENGINES
from mlopsctl.engines.base import attribute


def default(stage: str) -> str:
    """Return the default engine of a stage. Raises KeyError for a stage without one."""
    return DEFAULTS[stage]


def names(stage: str) -> tuple[str, ...]:
    """Return the names of this package's engines of a stage, the default first."""
    return tuple(dict.fromkeys(name for each in ENGINES if each.stage == stage for name in each.names))


def sections(stage: str) -> tuple[type, ...]:
    """Import the settings of this package's engines of a stage; two engines may share a class."""
    settings_types: dict[type, None] = {}
    for each in ENGINES:
        if each.stage == stage:
            settings_types |= dict.fromkeys(of_package(f"mlopsctl.engines.{each.folder}"))
    return tuple(settings_types)


def of_package(package: str) -> tuple[type, ...]:
    """Import the settings of an engine's package: `SETTINGS` of its `settings.py`, one class per name.

    Raises TypeError if the settings are not a tuple of classes, and whatever the import raises.
    """
    settings: tuple[object, ...] = attribute(f"{package}.settings:SETTINGS", tuple)
    classes = tuple(each for each in settings if isinstance(each, type))
    if len(classes) < len(settings) or not classes:
        raise TypeError(f"{package}.settings:SETTINGS must hold one or more classes and nothing else")
    return classes
