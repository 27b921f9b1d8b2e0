"""What an engine can and cannot do, as values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

State = Literal["maintained", "unmaintained", "proprietary"]


class Capability(NamedTuple):
    """Whether an engine can do something; if not, why not and what instead. `since`: from which version."""

    yes: bool
    why: str = ""
    instead: str = ""
    since: str = ""

    def __bool__(self) -> bool:
        return self.yes


YES: Final = Capability(True)


def no(why: str, instead: str = "") -> Capability:
    """Return why an engine cannot, and what to do instead."""
    return Capability(False, why, instead)


def since(version: str, why: str = "", instead: str = "") -> Capability:
    """Say from which version an engine can; `why` and `instead` are for older ones."""
    return Capability(True, why, instead, version)


def abilities(yes: str = "", **other: Capability) -> Mapping[str, Capability]:
    """Collect abilities: those in one line are plain yes; in other names `__` stands for `.`, `_` for `-`."""
    capabilities = dict.fromkeys(yes.split(), YES)
    for name, ability in other.items():
        capabilities[name.replace("__", ".").replace("_", "-")] = ability
    return MappingProxyType(capabilities)
