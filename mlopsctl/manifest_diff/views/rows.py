"""The rows of a diff that the text and Markdown views share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from mlopsctl.diagnostics.render.visible import cut, visible

Json = dict[str, Any]

SIGNS = {"removed": "-", "replaced": "±", "changed": "~", "moved": "→", "reordered": "⇅", "added": "+"}
LONGEST_VALUE = 100
LONGEST_NAME = 200
_ONE_ROW = 110
_AROUND = 24
_HUNK = 40
_TOO_LONG = 8000
_WORD = re.compile(r"[\w.-]+|[^\w.-]")


class Row(NamedTuple):
    """One row; `style` is removed, added, changed or plain."""

    style: str
    text: str


def heading(entry: Json) -> str:
    """Return the verdict on an object, and its place."""
    where = f"{entry['environment']}/{entry['unit']}"
    name = cut(entry["name"], LONGEST_NAME)
    if not entry["kind"]:
        moved = f"  (was {entry['oldFile']})" if entry["oldFile"] else ""
        return visible(f"{where}/{name}{moved}{_lines(entry)}")
    was = f"{cut(entry['oldName'], LONGEST_NAME)} → " if entry["oldName"] else ""
    moved = f", was in {entry['oldFile']}" if entry["oldFile"] else ""
    return visible(f"{where} {entry['kind']} {was}{name}  ({entry['file']}{moved}){_lines(entry)}")


def entry_rows(entry: Json) -> Iterator[Row]:
    """Yield the rows of an entry's fields; equal changes within long values are shown once."""
    groups: dict[Any, list[Json]] = {}
    for field in entry["fields"]:
        groups.setdefault(_replaced_words(field) or id(field), []).append(field)
    for first, *rest in groups.values():
        yield from field_rows(first, sum(1 + len(field["others"]) for field in rest))


def field_rows(field: Json, alike: int = 0) -> Iterator[Row]:
    """Yield the rows of a changed field, and the number of further places with the same change."""
    path = visible(cut(field["path"] or "the whole file", LONGEST_NAME))
    more_places = len(field["others"]) + alike
    more = f"  (and {counted(more_places, 'more place')})" if more_places else ""
    if field["hunk"]:
        yield Row("plain", f"{path}{more}")
        yield from _hunk_rows(field["hunk"])
        return
    yield from change_rows(f"{path}{more}", field)


def change_rows(head: str, change: Json) -> Iterator[Row]:
    """Yield the value before and after, in one row if it fits."""
    verdict = change["verdict"]
    if verdict == "added":
        yield Row("added", f"{head}: {value(change['new'])}")
    elif verdict == "removed":
        yield Row("removed", f"{head}: {value(change['old'])}")
    else:
        then, now = both(change["old"], change["new"])
        row = f"{head}: {then} {'→' if verdict == 'changed' else '⇅'} {now}"
        if len(row) <= _ONE_ROW:
            yield Row("changed", row)
        else:
            yield Row("plain", head)
            yield Row("removed", f"  {then}")
            yield Row("added", f"  {now}")


def value(item: Any) -> str:
    """Return a value as JSON, shortened."""
    return visible(cut(_json(item), LONGEST_VALUE))


def both(old: Any, new: Any) -> tuple[str, str]:
    """Return two values, shortened so that the difference is visible."""
    then, now = _json(old), _json(new)
    if then == now:
        return visible(cut(then, LONGEST_VALUE)), f"{visible(cut(now, LONGEST_VALUE))} (a different value)"
    start = next((i for i, (a, b) in enumerate(zip(then, now, strict=False)) if a != b), min(len(then), len(now)))
    begin = max(0, start - _AROUND) if max(len(then), len(now)) > LONGEST_VALUE else 0
    return tuple(visible(_window(text, begin)) for text in (then, now))  # type: ignore[return-value]


def _window(text: str, begin: int) -> str:
    return cut(text, LONGEST_VALUE) if begin <= 1 else f"…{cut(text[begin:], LONGEST_VALUE - 1)}"


def everywhere_rows(entry: Json) -> Iterator[Row]:
    """Yield the rows of a change that many objects have in common."""
    head = f"{visible(cut(entry['name'], LONGEST_NAME))} in {len(entry['entries'])} objects, {entry['places']} places"
    yield from change_rows(head, entry)


def summary(counts: Json) -> str:
    """Return the counts as text: `1 removed, 3 changed (7 fields)`."""
    parts = [f"{counts[verdict]} {verdict}" for verdict in SIGNS if counts.get(verdict)]
    fields = f" ({counted(counts['fields'], 'field')})" if counts["fields"] else ""
    return ", ".join(parts) + fields


def stat_rows(document: Json) -> Iterator[Row]:
    """Yield one row per file, and a total."""
    width = max((len(visible(file["file"])) for file in document["files"]), default=0)
    for file in document["files"]:
        style = "removed" if file["removed"] else "added" if file["added"] and not file["changed"] else "changed"
        yield Row(style, f"{visible(file['file']):<{width}}  {summary(file)}")
    yield Row("plain", f"{counted(len(document['files']), 'file')}: {summary(document['summary'])}")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _replaced_words(field: Json) -> tuple[Any, ...] | None:
    """Return the words that were replaced in a long value, with the field's name; None for other changes."""
    old, new = field["old"], field["new"]
    if not (isinstance(old, str) and isinstance(new, str)) or not LONGEST_VALUE < len(old) + len(new) < _TOO_LONG:
        return None
    before, after = _WORD.findall(old), _WORD.findall(new)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = {(*before[a:b], "→", *after[c:d]) for tag, a, b, c, d in blocks if tag != "equal"}
    return (field["path"].rpartition(".")[2], *sorted(changed))


def _lines(entry: Json) -> str:
    return f"  {counted(entry['lines'], 'line')}" if entry["lines"] and not entry["kind"] else ""


def _json(item: Any) -> str:
    return item if isinstance(item, str) and item else json.dumps(item, ensure_ascii=False, default=str)


def _hunk_rows(hunk: list[str]) -> Iterator[Row]:
    styles = {"+": "added", "-": "removed"}
    for line in hunk[:_HUNK]:
        text = line if line.startswith("@@") else line[1:]
        yield Row(styles.get(line[:1], "plain"), f"  {visible(text)}")
    if len(hunk) > _HUNK:
        yield Row("plain", f"  … {counted(len(hunk) - _HUNK, 'more line')}")
