"""The table for a comment: values stay text, and the comment stays within its bounds."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace
from unit.diagnostics.findings import HOSTILE, bare, document, place, stale

from mlopsctl.diagnostics.render import markdown


def test_a_finding_is_a_row() -> None:
    assert markdown.render(document(stale().in_environment("prod"), environments=("dev", "prod"))) == (
        "**1 error in 1 file**\n"
        "\n"
        "| | Code | Where | What |\n"
        "|---|---|---|---|\n"
        "| ❌ error | MLC301 | systems/card-fraud/mlops.yaml:27:12 |"
        " feature view \\`card\\_activity\\` goes stale before it is refreshed"
        " (shorter than cadence 15m + materialize.every 30m = 45m)"
        "<br>help: a ttl of 45m or more, or materialize every 10m<br>in environments: prod |\n"
    )
    assert markdown.render(document()) == "No findings.\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a|b", "a\\|b"),
        ("`x`", "\\`x\\`"),
        ("@team", "@<!-- -->team"),
        ("#12", "#<!-- -->12"),
        ("GH-1 gh-23", "GH-<!-- -->1 gh-<!-- -->23"),
        ("at 1c2f0f6a3d", "at 1c2<!-- -->f0f6a3d"),
        ("a" * 40, "aaa<!-- -->" + "a" * 37),
        ("abcdef 123456", "abcdef 123456"),
        ("<img onerror=x>", "&lt;img onerror=x&gt;"),
        ("<!-- x -->", "&lt;!-- x --&gt;"),
        ("&amp;", "&amp;amp;"),
        ("[a](b)", "\\[a\\](b)"),
        ("https://x.example", "https:<!-- -->//x.example"),
        ("www.x.example", "www<!-- -->.x.example"),
        ("a\nb\r", "a b\\\\r"),
        ("\x1b[0m", "\\\\x1b\\[0m"),
        ("*a* _b_ ~c~ $d$ \\", "\\*a\\* \\_b\\_ \\~c\\~ \\$d\\$ \\\\"),
    ],
)
def test_no_value_is_markup(value: str, expected: str) -> None:
    assert markdown.escape(value) == expected


def test_a_hostile_value_changes_nothing_of_the_page_but_its_text() -> None:
    def shape(value: str) -> list[str]:
        finding = replace(stale(), message=value, place=place(1, 1, 1, value, value), help=value, related=())
        page = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown.render(document(finding)))
        inline = [token for block in page for token in (block, *(block.children or ()))]
        kinds = [f"{token.type} {token.tag}" for token in inline if token.type not in ("text", "text_special")]
        breaks = [token.content for token in inline if token.type == "html_inline" and token.content != "<!-- -->"]
        return [kind for kind in kinds if kind != "html_inline "] + breaks

    assert shape(HOSTILE) == shape("plain")


def test_a_comment_never_grows_beyond_what_github_takes() -> None:
    page = markdown.render(document(*(bare(f"{n} " + "@" * 5000, "#" * 5000) for n in range(200))))
    assert len(page) < 65_000
    assert "more; `mlopsctl validate` shows them all.\n" in page[-60:]
