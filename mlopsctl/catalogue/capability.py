"""Capabilities of engines, as values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

State = Literal["maintained", "unmaintained", "proprietary"]


class Capability(NamedTuple):
    """Whether an engine has a capability; if not, the reason and an alternative. `since`: its first version."""

    yes: bool
    why: str = ""
    instead: str = ""
    since: str = ""

    def __bool__(self) -> bool:
        return self.yes


YES: Final = Capability(True)


def no(why: str, instead: str = "") -> Capability:
    """Return a missing capability with the reason and the alternative."""
    return Capability(False, why, instead)


def since(version: str, why: str = "", instead: str = "") -> Capability:
    """Return a capability that exists from a version on; `why` and `instead` are for older versions."""
    return Capability(True, why, instead, version)


def abilities(yes: str = "", **other: Capability) -> Mapping[str, Capability]:
    """Collect capabilities: those in `plain` are supported; in keyword names `__` stands for `.`, `_` for `-`."""
    capabilities = dict.fromkeys(yes.split(), YES)
    for name, ability in other.items():
        capabilities[name.replace("__", ".").replace("_", "-")] = ability
    return MappingProxyType(capabilities)
