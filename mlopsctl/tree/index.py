"""The provenance index, `<environment>/.mlopsctl.json`.

It records the tool's version, the inputs and the SHA-256 of each file, so that edits by hand are detected and only
rendered files are deleted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from mlopsctl.diagnostics.codes import tree as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.tree import folder
from mlopsctl.tree.os_errors import printable_name
from mlopsctl.tree.paths import SafePath

NAME = ".mlopsctl.json"
FORMAT = 1

_LIMIT = 256 << 20
_OWN_KEYS = ("format", "units", "version")
_VERSION = re.compile(r"(?:[0-9]+[0-9a-z.+!]*)?", re.ASCII)

Hashes = dict[str, str]


class Index(NamedTuple):
    """`units` maps each unit to the hashes of its files; `provenance` is the part about the inputs.

    `canonical` is false if it was read from a text that differs from a rendered index.
    """

    version: str
    provenance: Mapping[str, object]
    units: dict[str, Hashes]
    canonical: bool = True

    def text(self) -> str:
        """Return the canonical JSON: sorted keys, one line per file."""
        own = {"format": FORMAT, "units": self.units, "version": self.version}
        return json.dumps({**self.provenance, **own}, sort_keys=True, indent=1) + "\n"

    def says_the_same_as(self, other: Index | None) -> bool:
        """Return whether files, inputs and format agree; the version is not compared."""
        if other is None or not other.canonical:
            return False
        return (self.units, self.provenance) == (other.units, other.provenance)


def normal(provenance: Mapping[str, object]) -> dict[str, object]:
    """Return the part about the inputs as parsed from JSON; raise ValueError for a reserved key."""
    if clashing := sorted(set(provenance) & set(_OWN_KEYS)):
        raise ValueError(f"the index keeps the key {clashing[0]!a} for itself")
    plain: dict[str, object] = json.loads(json.dumps(dict(provenance)))
    return plain


def read(at: int, environment: str) -> tuple[Index | None, tuple[Diagnostic, ...]]:
    """Read the index of an open environment folder; an invalid one is a diagnostic and counts as absent."""
    try:
        data = folder.read(at, NAME, _LIMIT)
    except FileNotFoundError:
        return None, ()
    try:
        return _parsed(data), ()
    except (ValueError, RecursionError) as error:
        reason = str(error) or "nested too deep"
        message = f"`{printable_name(environment)}/{NAME}` is unreadable: {printable_name(reason)}"
        return None, (codes.BROKEN_INDEX.at(None, message),)


def _parsed(data: bytes) -> Index:
    if len(data) > _LIMIT:
        raise ValueError(f"it is larger than {_LIMIT} bytes")
    document = json.loads(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"it is not an index of format {FORMAT}")
    version, units = document.get("version"), document.get("units")
    if not isinstance(version, str) or not isinstance(units, dict):
        raise ValueError("`version` or `units` is missing")
    provenance = {key: value for key, value in document.items() if key not in _OWN_KEYS}
    index = Index(version, provenance, {_unit(name): _hashes(files) for name, files in units.items()})
    form = _VERSION.fullmatch(version) is not None and index.text().encode() == data
    return index._replace(canonical=form)


def _unit(name: str) -> str:
    if len(SafePath.of(name).parts) != 1:
        raise ValueError(f"{name!a} is not a unit")
    return name


def _hashes(files: object) -> Hashes:
    if not isinstance(files, dict):
        raise ValueError("a unit is not a map of files")
    for path, value in files.items():
        SafePath.of(path)
        if not isinstance(value, str):
            raise ValueError(f"the hash of {path!a} is not a string")
    return files
