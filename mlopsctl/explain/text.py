"""Answers for a person at a terminal, made from their plain data.

In: the data, and the lines of the sources. Out: text. Never lets a spec's characters steer the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics import text as findings
from mlopsctl.diagnostics.text import Page
from mlopsctl.diagnostics.visible import cut, visible

Json = dict[str, Any]

SHOWN = 4
"""So many places are shown with their line; of the others only the path and the place."""
NAMED = 4
LONGEST_LINE = 100
ASIDE = ("labels of", "namespace in")
"""What every object has, and nobody asks of a whole file."""
"""So many pieces of one file are named."""


def line(answer: Json, page: Page) -> str:
    """Return what one line comes from: its narrowest piece at length, what stands around it in one row each."""
    at = f"{answer['file']}:{answer['line']}"
    rows = [f"{page.paint(visible(at), 'bold')}: {visible(cut(answer['text'].strip(), LONGEST_LINE))}"]
    if not answer["pieces"]:
        return "\n".join(rows) + "\n"
    first, *others = answer["pieces"]
    rows += ["", *_piece(first, answer["text"], page)]
    if others:
        rows += ["", "around it:"]
        rows += [f"  {_title(one, page)}{_nearest(one)}" for one in others]
    return "\n".join(rows) + "\n"


def file(answer: Json) -> str:
    """Return what a whole file is about, a row a piece, in the order of its lines."""
    rows = [visible(answer["file"])]
    for one in answer["pieces"]:
        first, last = one["lines"]
        if one["kind"] in ASIDE:
            continue
        rows.append(f"{first:>6}-{last:<6} {_called(one)}{_nearest(one)}")
    return "\n".join(rows) + "\n"


def reach(answer: Json, page: Page) -> str:
    """Return what paths reach: environment by environment, file by file."""
    rows: list[str] = []
    for one in answer["paths"]:
        rows += ["", *_set_at(one["origin"], page)] if rows else _set_at(one["origin"], page)
        for environment, files in one["reaches"].items():
            rows += ["", page.paint(f"in {environment}: {findings.counted(len(files), 'file')}", "bold")]
            rows += _grouped(files)
        if not any(one["reaches"].values()):
            rows += ["", "it reaches no rendered file"]
    return "\n".join(rows) + "\n"


def _grouped(files: list[Json]) -> Iterator[str]:
    """Yield a row a file, below its system's folder."""
    above = ""
    for one in files:
        folder = one["file"].removesuffix(one["path"]).rstrip("/")
        if folder != above:
            yield f"  {visible(folder)}"
        yield f"    {visible(one['path'])}: {_listed(one['pieces'])}"
        above = folder


def _set_at(origin: Json, page: Page) -> Iterator[str]:
    if origin["set"]:
        yield from _places([_labelled(origin)], page)
    else:
        yield f"{visible(origin['path'])} is not set: a default holds"


def _piece(one: Json, source: str, page: Page) -> Iterator[str]:
    """Yield the rows of one piece: the reasons that the line's own number has, else all, and where they stand."""
    own = [why for why in one["reasons"] if any(stands_in(value, source) for value in why["values"])]
    reasons = own or one["reasons"]
    shown = list({o["path"]: o for why in own for o in why["origins"]}.values()) or one["origins"]
    set_, unset = [o for o in shown if o["set"]], [o for o in shown if not o["set"]]
    yield _title(one, page)
    yield from (f"  {visible(why['sentence'])}" for why in reasons)
    if set_:
        yield from _places([_labelled(o) for o in set_[:SHOWN]], page)
    if unset and own:
        yield f"  {'not set' if set_ else 'not set, so that a default holds'}:"
        yield from (f"    {visible(o['path'])}" for o in unset)
    paths = {o["path"] for o in set_[:SHOWN]}
    rest = [o for o in one["origins"] if o["set"] and o["path"] not in paths]
    if rest:
        yield "  also from:"
        yield from (f"    {_path(o)}" for o in rest[:SHOWN])
        if len(rest) > SHOWN:
            yield f"    and {len(rest) - SHOWN} more; `-o json` names all"


def stands_in(value: str, source: str) -> bool:
    """Tell whether a number stands in a line, and not as a part of another."""
    before, found, after = f" {source} ".partition(value)
    while value and found:
        if not (_word(before[-1:]) or _word(after[:1])):
            return True
        more, found, after = after.partition(value)
        before = more or " "
    return False


def _word(character: str) -> bool:
    return character.isalnum() or character in "._"


def _called(one: Json) -> str:
    return f"{one['kind']} `{visible(one['name'])}`"


def _title(one: Json, page: Page) -> str:
    first, last = one["lines"]
    return f"{page.paint(_called(one), 'bold')} (lines {first}-{last})"


def _nearest(one: Json) -> str:
    """Return the nearest place that somebody wrote."""
    found = next((o for o in one["origins"] if o["set"]), None)
    return f" from {_path(found)}" if found else ""


def _path(one: Json) -> str:
    at = one["place"]
    return visible(f"{one['path']} ({at['file']}:{at['line']})" if at else one["path"])


def _labelled(origin: Json) -> Json:
    told = ", set by the override" if origin["overridden"] else ""
    return {**origin["place"], "label": f"{origin['path']}{told}"}


def _places(places: list[Json], page: Page) -> Iterator[str]:
    page = page._replace(severity="note", gutter=max(len(str(place["line"])) for place in places))
    for number, (name, inside) in enumerate(findings.by_file(places).items()):
        yield from findings.file_block(name, inside, number == 0, page)


def _listed(pieces: list[Json]) -> str:
    named = list(dict.fromkeys(_called(one) for one in pieces))
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return ", ".join(named[:NAMED]) + more
