"""Print findings, in the format a person or a machine asked for.

In: findings and the project they are about. Out: text on the right stream, and whether there were errors.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from mlopsctl import __version__
from mlopsctl.diagnostics import json as json_format
from mlopsctl.diagnostics.model import Diagnostic

FORMATS = ("text", "json", "sarif", "github", "markdown")


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `-o/--output-format` to a verb."""
    return click.option(
        "-o",
        "--format",
        "output_format",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="How findings are printed.",
    )(command)


def show(
    diagnostics: Iterable[Diagnostic],
    environments: tuple[str, ...],
    root: Path,
    output_format: str,
    edited: Mapping[str, bytes] | None = None,
) -> None:
    """Print the findings. Text goes to the error stream, and names files from the current folder.

    `edited` holds the content of files that the findings are about and that was not written.
    """
    document = json_format.document(diagnostics, environments)
    if output_format == "text":
        _show_text(document, root, edited or {})
    elif output_format == "json":
        click.echo(json_format.render(document), nl=False)
    elif output_format == "sarif":
        from mlopsctl.diagnostics import sarif

        click.echo(sarif.render(document, __version__), nl=False)
    elif output_format == "github":
        from mlopsctl.diagnostics import github

        click.echo(github.render(document), nl=False)
    else:
        from mlopsctl.diagnostics import markdown

        click.echo(markdown.render(document), nl=False)


def _show_text(document: Any, root: Path, edited: Mapping[str, bytes]) -> None:
    from mlopsctl.diagnostics import text

    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    here = {os.path.relpath(root / file): data for file, data in edited.items()}
    click.echo(text.render(moved(document, root), source_lines(here), colour), nl=False, err=True, color=colour)


def source_lines(edited: Mapping[str, bytes] | None = None) -> Callable[[str, int], str | None]:
    """Return what gives a line of a file, counted from 1; None where it is not to be had. `edited` stand for files."""
    from mlopsctl.source.file import read_bytes

    lines = {file: data.decode("utf-8", errors="replace").split("\n") for file, data in (edited or {}).items()}

    def source_line(file: str, line: int) -> str | None:
        if file not in lines:
            data = read_bytes(file, file)[0] or b""
            lines[file] = data.decode("utf-8", errors="replace").split("\n")
        return lines[file][line - 1] if 0 < line <= len(lines[file]) else None

    return source_line


def moved(value: Any, root: Path) -> Any:
    """Return the document with every file named from the current folder."""
    if isinstance(value, dict):
        return {
            key: os.path.relpath(root / inner) if key == "file" and inner else moved(inner, root)
            for key, inner in value.items()
        }
    return [moved(inner, root) for inner in value] if isinstance(value, list) else value
