from __future__ import annotations

from html.parser import HTMLParser

from mlopsctl.runtime.report.page import Cell, Table, page

HOSTILE = "</td><script>alert(1)</script>&amp;\x00\x1b[31m\"'"


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_text_becomes_markup() -> None:
    reader = Reader()
    text = page(HOSTILE, {HOSTILE: HOSTILE}, [Table(HOSTILE, (HOSTILE,), ((Cell(HOSTILE, "failed"),),))])
    reader.feed(text)
    assert "script" not in reader.tags
    assert reader.text.count("<script>alert(1)</script>") == 7
    assert "\x1b" not in text
    assert "\x00" not in text


def test_a_state_shows_as_its_class() -> None:
    text = page("checks", {"rows": "7"}, [Table("Checks", ("check",), ((Cell("a", "not-run"), Cell("b")),))])
    assert '<td class="not-run">a</td><td>b</td>' in text
    assert text.startswith("<!DOCTYPE html>")
