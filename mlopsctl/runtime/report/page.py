"""A small page: a title, facts, tables. Readable offline, a few kilobytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from mlopsctl.secrets.values import conceal

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1f2430 }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d8dce4 }
td { overflow-wrap: anywhere }
.passed { color: #17693a } .failed { color: #a4161a; font-weight: 600 }
.warned { color: #8a5a00 } .not-run { color: #6b3fa0; font-weight: 600 }
"""


class Cell(NamedTuple):
    """A cell's text, and its CSS class for a state."""

    text: str
    state: str = ""


class Table(NamedTuple):
    """A table with its title."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def page(title: str, facts: Mapping[str, str], tables: Sequence[Table]) -> str:
    """Write the page."""
    root = Element("html", lang="en")
    head, body = SubElement(root, "head"), SubElement(root, "body")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "title").text = _printable(title)
    SubElement(head, "style").text = _STYLE
    SubElement(body, "h1").text = _printable(title)
    listed = SubElement(body, "ul")
    for name, value in facts.items():
        SubElement(listed, "li").text = _printable(f"{name}: {value}")
    for table in tables:
        _table(body, table)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _table(body: Element, table: Table) -> None:
    SubElement(body, "h2").text = _printable(table.title)
    table_element = SubElement(body, "table")
    heads = SubElement(table_element, "tr")
    for name in table.heads:
        SubElement(heads, "th").text = _printable(name)
    for row in table.rows:
        line = SubElement(table_element, "tr")
        for cell in row:
            cell_element = SubElement(line, "td", {"class": cell.state} if cell.state else {})
            cell_element.text = _printable(cell.text)


def _printable(text: str) -> str:
    """Remove credentials, and control characters, which HTML cannot represent."""
    return "".join(c for c in conceal(text) if c.isprintable() or c in "\n\t")
