"""Two values compared field by field, also inside documents that a string holds.

In: values of one thing, then and now. Out: the fields that differ, in the order of now. Secrets are compared and then
masked, so that a changed one is told and not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlopsctl.change.manifests_lists import ABSENT, paired
from mlopsctl.change.manifests_model import Field, FieldVerdict
from mlopsctl.change.manifests_read import embedded
from mlopsctl.change.manifests_secrets import SECRET_DATA, hidden, is_secret, masked, variable
from mlopsctl.change.manifests_text import hunk

_WORD = re.compile(r"[A-Za-z0-9_-]+")


class Place(NamedTuple):
    """Where a value stands: its path, what it is called, and whether it is a secret by where it stands."""

    path: str
    name: str = ""
    secret: bool = False

    def key(self, key: str, called: str, secret: bool = False) -> Place:
        """Return the place of a key."""
        word = key if _WORD.fullmatch(key) else f'"{key}"'
        hides = self.secret or secret or is_secret(called)
        return Place(f"{self.path}.{word}" if self.path else word, called, hides)

    def item(self, label: str) -> Place:
        """Return the place of a list's item."""
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
        yield _field(place, [_called(one) for one in old], [_called(one) for one in new], "reordered")
    for pair in pairs:
        yield from _differ(place.item(pair.label), pair.old, pair.new)


def _called(item: Any) -> Any:
    """Return what stands for an item where only the order counts."""
    if not isinstance(item, dict):
        return item
    return next((item[key] for key in ("name", "alert", "record", "title", "path", "key") if key in item), item)


def _texts(place: Place, old: str, new: str) -> Iterator[Field]:
    then, now = embedded(old, place.name), embedded(new, place.name)
    if then is not None and type(then) is type(now):
        found = list(_differ(place, then, now))
        # The same document written in another way is a difference of its text.
        yield from found or [Field(place.path, "changed", hunk=hunk(old, new))]
    elif "\n" in old.strip() or "\n" in new.strip():
        yield Field(place.path, "changed", hunk=hunk(old, new))
    else:
        yield _field(place, old, new)


def _field(place: Place, old: Any, new: Any, verdict: FieldVerdict | None = None) -> Field:
    found = verdict or ("added" if old is ABSENT else "removed" if new is ABSENT else "changed")
    return Field(place.path, found, _shown(place, old), _shown(place, new))


def _shown(place: Place, value: Any) -> Any:
    if value is ABSENT:
        return None
    return hidden(value) if place.secret else masked(value, place.name)
