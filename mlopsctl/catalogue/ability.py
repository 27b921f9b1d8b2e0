"""What an engine can and cannot do, as values.

In: nothing. Out: the shapes `engines` is written in. Never knows an engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

State = Literal["maintained", "unmaintained", "proprietary"]


class Ability(NamedTuple):
    """Whether an engine can do something; if not, why not and what instead. `since`: from which version."""

    yes: bool
    why: str = ""
    instead: str = ""
    since: str = ""

    def __bool__(self) -> bool:
        return self.yes


YES: Final = Ability(True)


def no(why: str, instead: str = "") -> Ability:
    """Say why an engine cannot, and what to do instead."""
    return Ability(False, why, instead)


def since(version: str, why: str = "", instead: str = "") -> Ability:
    """Say from which version an engine can; `why` and `instead` are for older ones."""
    return Ability(True, why, instead, version)


class Engine(NamedTuple):
    """An engine that may stand at a stage.

    `versions` are release lines (4.1 covers 4.1.2), oldest first. `capabilities` maps an ability's name, or
    `name@Mode` where the engine's mode decides, to the answer. `notice` is what a user must know before relying on it.
    """

    stage: str
    name: str
    versions: tuple[str, ...]
    default_version: str
    state: State = "maintained"
    licence_note: str = ""
    capabilities: Mapping[str, Ability] = MappingProxyType({})
    notice: str = ""


def abilities(yes: str = "", **other: Ability) -> Mapping[str, Ability]:
    """Collect abilities: those in one line are plain yes; in other names `__` stands for `.`, `_` for `-`."""
    found = dict.fromkeys(yes.split(), YES)
    for name, ability in other.items():
        found[name.replace("__", ".").replace("_", "-")] = ability
    return MappingProxyType(found)
