"""The provenance index, `<environment>/.mlopsctl.json`.

In: an open environment folder, or what a render wrote. Out: an `Index`, or its canonical text. It says
which tool and which inputs gave the environment, and the SHA-256 of each file, so that hand edits are
found and only our own files are ever deleted. Never holds a date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder
from mlopsctl.tree.faults import shown
from mlopsctl.tree.paths import SafePath

NAME = ".mlopsctl.json"
FORMAT = 1

_LIMIT = 256 << 20
_OWN_KEYS = ("format", "units", "version")

Hashes = dict[str, str]


class Index(NamedTuple):
    """`units` maps each unit to the hash of each of its files; `provenance` is the inputs' part."""

    version: str
    provenance: Mapping[str, object]
    units: dict[str, Hashes]

    def text(self) -> str:
        """Return the canonical JSON: sorted keys, one line a file."""
        own = {"format": FORMAT, "units": self.units, "version": self.version}
        return json.dumps({**self.provenance, **own}, sort_keys=True, indent=1) + "\n"

    def says_the_same_as(self, other: Index | None) -> bool:
        """Tell whether files and inputs agree; the version is only that of the last real change."""
        return other is not None and (self.units, self.provenance) == (other.units, other.provenance)


def normal(provenance: Mapping[str, object]) -> dict[str, object]:
    """Return the inputs' part as JSON gives it back; raise ValueError for a key that is the index's own."""
    if taken := sorted(set(provenance) & set(_OWN_KEYS)):
        raise ValueError(f"the index keeps the key {taken[0]!a} for itself")
    plain: dict[str, object] = json.loads(json.dumps(dict(provenance)))
    return plain


def read(at: int, environment: str) -> tuple[Index | None, tuple[Diagnostic, ...]]:
    """Read the index of an open environment folder; a broken one is a finding and counts as absent."""
    try:
        data = folder.read(at, NAME, _LIMIT)
    except FileNotFoundError:
        return None, ()
    try:
        return _parsed(data), ()
    except (ValueError, RecursionError) as error:
        reason = str(error) or "nested too deep"
        message = f"`{shown(environment)}/{NAME}` is unreadable: {shown(reason)}"
        return None, (codes.BROKEN_INDEX.at(None, message),)


def _parsed(data: bytes) -> Index:
    if len(data) > _LIMIT:
        raise ValueError(f"it is larger than {_LIMIT} bytes")
    document = json.loads(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"it is no index of format {FORMAT}")
    version, units = document.get("version"), document.get("units")
    if not isinstance(version, str) or not isinstance(units, dict):
        raise ValueError("`version` or `units` is missing")
    provenance = {key: value for key, value in document.items() if key not in _OWN_KEYS}
    return Index(version, provenance, {_unit(name): _hashes(files) for name, files in units.items()})


def _unit(name: str) -> str:
    if len(SafePath.of(name).parts) != 1:
        raise ValueError(f"{name!a} is no unit")
    return name


def _hashes(files: object) -> Hashes:
    if not isinstance(files, dict):
        raise ValueError("a unit is no map of files")
    for path, value in files.items():
        SafePath.of(path)
        if not isinstance(value, str):
            raise ValueError(f"the hash of {path!a} is no text")
    return files
