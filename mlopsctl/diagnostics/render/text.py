"""Diagnostics as terminal text, in the style of rustc; secrets are masked and control characters escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from mlopsctl.diagnostics.render.snippet import Columns, snippet
from mlopsctl.diagnostics.render.visible import cut, visible
from mlopsctl.secrets.values import spans

SourceLine = Callable[[str, int], str | None]
Json = dict[str, Any]

LONGEST_MESSAGE = 600
LONGEST_LABEL = 200
LONGEST_HELP = 2000
RESET = "\x1b[0m"
STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;36m",
    "bold": "\x1b[1m",
    "gutter": "\x1b[1;34m",
    "help": "\x1b[1;32m",
}


class Page(NamedTuple):
    """What a finding is rendered with."""

    source_line: SourceLine
    secrets: dict[str, list[Json]]
    colour: bool
    severity: str = "error"
    gutter: int = 1

    def paint(self, text: str, style: str) -> str:
        """Return the text in a style, where there is colour."""
        return f"{STYLES[style]}{text}{RESET}" if self.colour and text else text

    def margin(self, end: str) -> str:
        """Return what stands left of a row without a number: blanks as wide as the numbers, and `end`."""
        return self.paint(f"{' ' * self.gutter}{end}", "gutter")

    def note(self, label: str, text: str) -> str:
        """Return a row that stands below the source."""
        return f"{self.margin(' =')} {self.paint(label, label)}: {visible(text)}"

    def masks(self, file: str, number: int, source: str) -> list[Columns]:
        """Return the columns of a line that hold a secret: one that was found, or what looks like one."""
        masked = [columns(secret, number) for secret in self.secrets.get(file, ()) if touches(secret, number)]
        masked += (Columns(start, end) for start, end in suspicious(source))
        return merged(masked)


def render(document: Json, source_line: SourceLine, colour: bool) -> str:
    """Return all findings and a summary; nothing where there is no finding.

    `source_line(file, line)` gives a line, counted from 1, or None where it is not to be had.
    """
    findings = document["diagnostics"]
    if not findings:
        return ""
    page = Page(source_line, secrets(findings), colour)
    blocks = ["\n".join(block(finding, page)) for finding in findings]
    return "\n\n".join([*blocks, summary(document["summary"])]) + "\n"


def secrets(findings: Iterable[Json]) -> dict[str, list[Json]]:
    """Return the places that hold secrets, by file: they are masked in every finding's lines."""
    by_file: dict[str, list[Json]] = {}
    for finding in findings:
        if finding["redact"]:
            for place in (finding["place"], *finding["related"]):
                if place:
                    by_file.setdefault(place["file"], []).append(place)
    return by_file


def block(finding: Json, page: Page) -> Iterator[str]:
    """Yield the rows of one finding."""
    places = [place for place in (finding["place"], *finding["related"]) if place]
    gutter = max((len(str(place["line"])) for place in places), default=1)
    page = page._replace(severity=finding["severity"], gutter=gutter)
    message = visible(cut(finding["message"], LONGEST_MESSAGE))
    yield page.paint(f"{page.severity}[{finding['code']}]", page.severity) + page.paint(f": {message}", "bold")
    for number, (file, inside) in enumerate(by_file(places).items()):
        yield from file_block(file, inside, number == 0, page)
    yield from notes(finding, page)


def by_file(places: list[Json]) -> dict[str, list[Json]]:
    """Return the places file by file, the primary one first, the rest of a file by line and column."""
    if not places:
        return {}
    primary, *rest = places
    files: dict[str, list[Json]] = {primary["file"]: [primary]}
    for place in rest:
        files.setdefault(place["file"], []).append(place)
    for file, inside in files.items():
        head = 1 if file == primary["file"] else 0
        inside[head:] = sorted(inside[head:], key=lambda place: (place["line"], place["column"]))
    return files


def file_block(file: str, places: list[Json], primary: bool, page: Page) -> Iterator[str]:
    """Yield the rows about one file: where it is, and each line of it with what is underlined."""
    if not primary:
        yield page.margin(" |")
    arrow = page.margin("-->" if primary else ":::")
    yield f"{arrow} {visible(file)}:{places[0]['line']}:{places[0]['column']}"
    lines: dict[int, list[tuple[Json, str]]] = {}
    for number, place in enumerate(places):
        stroke = "^" if primary and number == 0 else "-"
        lines.setdefault(place["line"], []).append((place, stroke))
    for line, marked in lines.items():
        source = page.source_line(file, line)
        if source is not None:
            yield page.margin(" |")
            yield from source_rows(source, line, marked, page)
        else:
            yield from (page.note("note", place["label"]) for place, _ in marked if place["label"])


def source_rows(source: str, line: int, marked: list[tuple[Json, str]], page: Page) -> Iterator[str]:
    """Yield a line of source and, for each place in it, a row that underlines it."""
    first = marked[0][0]
    laid_out = snippet(source, page.masks(first["file"], line, source), first["column"] - 1)
    yield f"{page.paint(f'{line:<{page.gutter}} |', 'gutter')} {laid_out.text}".rstrip()
    for place, stroke in marked:
        underline = laid_out.underline(columns(place, line, source), stroke)
        label = visible(cut(place["label"], LONGEST_LABEL))
        strokes = underline.lstrip()
        style = page.severity if stroke == "^" else "gutter"
        indent = underline[: -len(strokes)]
        yield f"{page.margin(' |')} {indent}{page.paint(f'{strokes} {label}'.rstrip(), style)}"


def columns(place: Json, number: int, source: str | None = None) -> Columns:
    """Return what a place covers of one line; a place of many lines covers the rest of its first."""
    end_of_line = len(source.rstrip()) if source is not None else 1 << 30
    start = place["column"] - 1 if number == place["line"] else 0
    return Columns(start, place["endColumn"] - 1 if number == place["endLine"] else end_of_line)


@lru_cache(maxsize=64)
def suspicious(line: str) -> list[tuple[int, int]]:
    """Return what of a line looks like a credential; many findings may show the same line."""
    return spans(line, strict=False)


def merged(stretches: Iterable[Columns]) -> list[Columns]:
    """Return stretches of a line of which none overlaps another."""
    joined: list[Columns] = []
    for columns in sorted(stretches):
        if joined and columns.start <= joined[-1].end:
            joined[-1] = Columns(joined[-1].start, max(columns.end, joined[-1].end))
        else:
            joined.append(columns)
    return joined


def touches(place: Json, number: int) -> bool:
    """Return whether a place covers anything of a line."""
    return bool(place["line"] <= number <= place["endLine"])


def notes(finding: Json, page: Page) -> Iterator[str]:
    """Yield what follows the source: the help, and the environments."""
    if finding["help"]:
        head, *rest = cut(finding["help"], LONGEST_HELP).split("\n")
        yield page.note("help", head)
        indent = " " * (page.gutter + len(" = help: "))
        yield from (f"{indent}{visible(line)}".rstrip() for line in rest)
    if finding["environments"]:
        yield f"{page.margin(' =')} in environments: {visible(', '.join(finding['environments']))}"


def summary(counts: dict[str, int]) -> str:
    """Return the last line: `2 errors, 1 warning in 3 files`."""
    parts = [counted(counts[kind], kind[:-1]) for kind in ("errors", "warnings", "notes") if counts[kind]]
    where = f" in {counted(counts['files'], 'file')}" if counts["files"] else ""
    return ", ".join(parts) + where


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
