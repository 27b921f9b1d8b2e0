"""Answers of `explain` as terminal text; control characters are escaped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.render import text as findings
from mlopsctl.diagnostics.render.text import Page
from mlopsctl.diagnostics.render.visible import cut, visible

Json = dict[str, Any]

MOST_PLACES = 4
"""The number of places shown with their line; for others, only path and place are shown."""
MOST_NAMES = 4
LONGEST_LINE = 100
ASIDE = ("labels of", "namespace in")
"""Pieces of every object, which are left out for a whole file."""
"""So many pieces of one file are named."""


def render(answer: Json, page: Page) -> str:
    """Return an answer of any kind: about a folder, a line, a file, or paths of a spec."""
    if "files" in answer:
        return "\n".join(file(each) for each in answer["files"])
    if "paths" in answer:
        return reach(answer, page)
    return line(answer, page) if "line" in answer else file(answer)


def line(answer: Json, page: Page) -> str:
    """Return the origins of a line: its narrowest piece in detail, surrounding pieces in one row each."""
    at = f"{answer['file']}:{answer['line']}"
    rows = [f"{page.paint(visible(at), 'bold')}: {visible(cut(answer['text'].strip(), LONGEST_LINE))}"]
    if not answer["pieces"]:
        return "\n".join(rows) + "\n"
    first, *around = answer["pieces"]
    rows += ["", *_piece(first, answer["text"], page)]
    if around:
        rows += ["", "around it:"]
        rows += [f"  {_title(piece, page)}{_nearest(piece)}" for piece in around]
    return "\n".join(rows) + "\n"


def file(answer: Json) -> str:
    """Return the origins of a file, one row per piece, in the order of its lines."""
    rows = [visible(answer["file"])]
    for piece in answer["pieces"]:
        first, last = piece["lines"]
        if piece["kind"] in ASIDE:
            continue
        rows.append(f"{first:>6}-{last:<6} {_called(piece)}{_nearest(piece)}")
    return "\n".join(rows) + "\n"


def reach(answer: Json, page: Page) -> str:
    """Return the files that paths affect, by environment and file."""
    rows: list[str] = []
    for path in answer["paths"]:
        rows += ["", *_set_at(path["origin"], page)] if rows else _set_at(path["origin"], page)
        for environment, files in path["reaches"].items():
            rows += ["", page.paint(f"in {environment}: {findings.counted(len(files), 'file')}", "bold")]
            rows += _grouped(files)
        if not any(path["reaches"].values()):
            rows += ["", "it reaches no rendered file"]
    return "\n".join(rows) + "\n"


def _grouped(files: list[Json]) -> Iterator[str]:
    """Yield one row per file, below its system's folder."""
    above = ""
    for file in files:
        folder = file["file"].removesuffix(file["path"]).rstrip("/")
        if folder != above:
            yield f"  {visible(folder)}"
        yield f"    {visible(file['path'])}: {_listed(file['pieces'])}"
        above = folder


def _set_at(origin: Json, page: Page) -> Iterator[str]:
    if origin["set"]:
        yield from _places([_labelled(origin)], page)
    else:
        yield f"{visible(origin['path'])} is not set: a default holds"


def _piece(entry: Json, source: str, page: Page) -> Iterator[str]:
    """Yield the rows of one piece: the reasons of the line's number, otherwise all, and their places."""
    own = [why for why in entry["reasons"] if any(contains_number(value, source) for value in why["values"])]
    reasons = own or entry["reasons"]
    origins = list({o["path"]: o for why in own for o in why["origins"]}.values()) or entry["origins"]
    set_, unset = [o for o in origins if o["set"]], [o for o in origins if not o["set"]]
    yield _title(entry, page)
    yield from (f"  {visible(why['sentence'])}" for why in reasons)
    if set_:
        yield from _places([_labelled(o) for o in set_[:MOST_PLACES]], page)
    if unset and own:
        yield f"  {'not set' if set_ else 'not set, so that a default holds'}:"
        yield from (f"    {visible(o['path'])}" for o in unset)
    paths = {o["path"] for o in set_[:MOST_PLACES]}
    rest = [o for o in entry["origins"] if o["set"] and o["path"] not in paths]
    if rest:
        yield "  also from:"
        yield from (f"    {_path(o)}" for o in rest[:MOST_PLACES])
        if len(rest) > MOST_PLACES:
            yield f"    and {len(rest) - MOST_PLACES} more; `-o json` names all"


def contains_number(value: str, source: str) -> bool:
    """Return whether a line contains a number that is not part of another one."""
    before, match, after = f" {source} ".partition(value)
    while value and match:
        if not (_is_word_character(before[-1:]) or _is_word_character(after[:1])):
            return True
        more, match, after = after.partition(value)
        before = more or " "
    return False


def _is_word_character(character: str) -> bool:
    return character.isalnum() or character in "._"


def _called(entry: Json) -> str:
    return f"{entry['kind']} `{visible(entry['name'])}`"


def _title(entry: Json, page: Page) -> str:
    first, last = entry["lines"]
    return f"{page.paint(_called(entry), 'bold')} (lines {first}-{last})"


def _nearest(entry: Json) -> str:
    """Return the nearest explicit place."""
    origin = next((o for o in entry["origins"] if o["set"]), None)
    return f" from {_path(origin)}" if origin else ""


def _path(entry: Json) -> str:
    at = entry["place"]
    return visible(f"{entry['path']} ({at['file']}:{at['line']})" if at else entry["path"])


def _labelled(origin: Json) -> Json:
    remark = ", set by the override" if origin["overridden"] else ""
    return {**origin["place"], "label": f"{origin['path']}{remark}"}


def _places(places: list[Json], page: Page) -> Iterator[str]:
    page = page._replace(severity="note", gutter=max(len(str(place["line"])) for place in places))
    for number, (name, inside) in enumerate(findings.by_file(places).items()):
        yield from findings.file_block(name, inside, number == 0, page)


def _listed(pieces: list[Json]) -> str:
    names = list(dict.fromkeys(_called(piece) for piece in pieces))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
