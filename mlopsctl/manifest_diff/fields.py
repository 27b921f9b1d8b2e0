"""Compare two values field by field, also inside documents in a string.

Secrets are masked after the comparison, so that a change is reported without its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlopsctl.manifest_diff.list_matching import ABSENT, paired
from mlopsctl.manifest_diff.model import Field, FieldVerdict
from mlopsctl.manifest_diff.reader import embedded
from mlopsctl.manifest_diff.text_lines import hunk
from mlopsctl.secrets.names import is_secret_name
from mlopsctl.secrets.values import MASK, masked, variable

SECRET_DATA = frozenset({"data", "stringData"})
"""The fields of a Secret whose values are masked."""
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Place(NamedTuple):
    """The position of a value: its path, its name, and whether the position makes it a secret."""

    path: str
    name: str = ""
    secret: bool = False

    def key(self, key: str, called: str, secret: bool = False) -> Place:
        """Return the position of a key."""
        step = key if _PLAIN_KEY.fullmatch(key) else f'"{key}"'
        hides = self.secret or secret or is_secret_name(called)
        return Place(f"{self.path}.{step}" if self.path else step, called, hides)

    def item(self, label: str) -> Place:
        """Return the position of a list item."""
        return Place(f"{self.path}[{label}]", self.name, self.secret)


def fields(old: Any, new: Any, kind: str = "") -> Iterator[Field]:
    """Yield the fields that differ between two values of an object of `kind`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**new, **old}:
            place = Place("").key(str(key), str(key), kind == "Secret" and key in SECRET_DATA)
            yield from _differ(place, old.get(key, ABSENT), new.get(key, ABSENT))
    else:
        yield from _differ(Place(""), old, new)


def _differ(place: Place, old: Any, new: Any) -> Iterator[Field]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**new, **old}:
            called = variable(new if key in new else old, str(key))
            yield from _differ(place.key(str(key), called), old.get(key, ABSENT), new.get(key, ABSENT))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(place, old, new)
    elif isinstance(old, str) and isinstance(new, str) and old != new and not place.secret:
        yield from _texts(place, old, new)
    elif type(old) is not type(new) or old != new:
        yield _field(place, old, new)


def _lists(place: Place, old: list[Any], new: list[Any]) -> Iterator[Field]:
    pairs, moved = paired(old, new)
    if moved:
        yield _field(place, [_called(item) for item in old], [_called(item) for item in new], "reordered")
    for pair in pairs:
        yield from _differ(place.item(pair.label), pair.old, pair.new)


def _called(item: Any) -> Any:
    """Return the label of an item in a list that is compared by order."""
    if not isinstance(item, dict):
        return item
    return next((item[key] for key in ("name", "alert", "record", "title", "path", "key") if key in item), item)


def _texts(place: Place, old: str, new: str) -> Iterator[Field]:
    then, now = embedded(old, place.name), embedded(new, place.name)
    if then is not None and type(then) is type(now):
        fields = list(_differ(place, then, now))
        # A document with the same content in another notation is a difference of text.
        yield from fields or [Field(place.path, "changed", hunk=hunk(old, new))]
    elif "\n" in old.strip() or "\n" in new.strip():
        yield Field(place.path, "changed", hunk=hunk(old, new))
    else:
        yield _field(place, old, new)


def _field(place: Place, old: Any, new: Any, verdict: FieldVerdict | None = None) -> Field:
    chosen = verdict or ("added" if old is ABSENT else "removed" if new is ABSENT else "changed")
    return Field(place.path, chosen, _printed(place, old), _printed(place, new))


def _printed(place: Place, value: Any) -> Any:
    if value is ABSENT:
        return None
    return _hidden(value) if place.secret else masked(value, place.name)


def _hidden(value: Any) -> Any:
    """Return the visible part of a secret: its keys."""
    return {key: _hidden(inner) for key, inner in value.items()} if isinstance(value, dict) else MASK
