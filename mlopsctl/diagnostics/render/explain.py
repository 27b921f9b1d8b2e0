"""The long answer to a code: why it matters, how to fix it, a bad and a good example."""

from __future__ import annotations

import textwrap

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.codes.entry import Code

WIDTH = 96


def explanation(code: str) -> str | None:
    """Return the explanation of `code` in any case of letters, or None where there is no such code."""
    entry = codes.find(code)
    return None if entry is None else "\n".join(paragraphs(entry))


def paragraphs(entry: Code) -> list[str]:
    """Return the parts of an explanation."""
    return [
        f"{entry.code} ({entry.severity.word}): {entry.title}",
        "",
        textwrap.fill(entry.why, WIDTH),
        "",
        textwrap.fill(f"How to fix it: {entry.help.rstrip('.')}.", WIDTH),
        "",
        "Wrong:",
        "",
        textwrap.indent(entry.bad.rstrip(), "    "),
        "",
        "Right:",
        "",
        textwrap.indent(entry.good.rstrip(), "    "),
        "",
    ]
