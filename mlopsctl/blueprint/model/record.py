"""The base of every part of the Blueprint."""

from __future__ import annotations

from msgspec import Struct


class Record(Struct, frozen=True, omit_defaults=True):
    """A part of the Blueprint. A default is an empty value, which the JSON leaves out.

    So a field that comes with a default changes no rendered byte of anybody who does not use it.
    """
