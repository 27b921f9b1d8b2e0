"""The base of every part of the Blueprint."""

from __future__ import annotations

from msgspec import Struct


class Record(Struct, frozen=True, omit_defaults=True):
    """A part of the Blueprint. Defaults are empty values, which the JSON leaves out.

    A new field with a default therefore changes no rendered byte of a spec that does not use it.
    """
