"""Print diagnostics in the chosen format, and return whether there are errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

import click

from mlopsctl import __version__
from mlopsctl.cli import terminal
from mlopsctl.cli.exit_codes import ERRORS
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.diagnostics.render.formats import FINDINGS, Page, Renderer
from mlopsctl.errors import ProjectError
from mlopsctl.secrets.values import concealed


def formats(names: Iterable[str], help: str = "Output format.") -> Callable[..., Any]:
    """Return the option `-o/--output` with the formats of a registry; the first is the default."""
    choices = tuple(names)
    return click.option(
        "-o",
        "--output",
        "output_format",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=help,
    )


format_option = formats(FINDINGS, "Output format of the findings.")
"""Adds `-o/--output` to a verb that prints diagnostics."""


def is_coloured(stream: TextIO) -> bool:
    """Return whether a stream is a terminal with colours enabled."""
    return stream.isatty() and "NO_COLOR" not in os.environ


def show(
    diagnostics: Iterable[Diagnostic],
    environments: tuple[str, ...],
    root: Path,
    output_format: str,
    edited: Mapping[str, bytes] | None = None,
) -> None:
    """Print the diagnostics. Text goes to the error stream, with file names from the current folder.

    `edited` has the unwritten content of files that the diagnostics are about.
    """
    document = json_format.document(diagnostics, environments)
    is_text = output_format == "text"
    own = {os.path.relpath(root / file): data for file, data in (edited or {}).items()}
    page = Page(source_lines(root, own), is_text and is_coloured(sys.stderr), __version__)
    text = FINDINGS[output_format](relative_to_current(document, root) if is_text else document, page)
    terminal.show(text, output_format, err=is_text, color=page.colour)


def show_document(
    renderers: Mapping[str, Renderer], document: dict[str, Any], output_format: str, page: Page | None = None
) -> None:
    """Print a document in a format of a registry, with credentials masked."""
    used = page or Page()
    data = concealed(document) if terminal.is_encoded(output_format) else document
    terminal.show(renderers[output_format](data, used), output_format, color=used.colour)


def show_all(diagnostics: Iterable[Diagnostic], environments: tuple[str, ...], root: Path) -> bool:
    """Print diagnostics as text, if any; return whether one is an error."""
    listed = list(diagnostics)
    if listed:
        show(listed, environments, root, "text")
    return has_errors(listed)


def rejected(error: ProjectError, consequence: str = "", output_format: str = "text") -> int:
    """Print a project's errors and the consequence; return the exit code."""
    show(error.diagnostics, error.environments, error.root, output_format, error.edited)
    if consequence:
        terminal.echo(consequence, err=True)
    return ERRORS


def warn_of_plugins() -> None:
    """Enable the plug-in engines; print a warning for each that cannot be used."""
    from mlopsctl.resolve.plugins import enable_all

    if problems := enable_all():
        show(problems, (), Path(), "text")


def source_lines(root: Path, edited: Mapping[str, bytes] | None = None) -> Callable[[str, int], str | None]:
    """Return a function that returns a line of a document below the root, counted from 1; None where it is unavailable.

    `edited` has the unwritten content of files.
    """
    from mlopsctl.project.links import may_be_shown
    from mlopsctl.source.file import read_bytes

    lines = {file: data.decode("utf-8", errors="replace").split("\n") for file, data in (edited or {}).items()}

    def source_line(file: str, line: int) -> str | None:
        if file not in lines:
            data = (read_bytes(file, file)[0] if may_be_shown(Path(file), root) else None) or b""
            lines[file] = data.decode("utf-8", errors="replace").split("\n")
        return lines[file][line - 1] if 0 < line <= len(lines[file]) else None

    return source_line


def relative_to_current(value: Any, root: Path) -> Any:
    """Return the document with all file names relative to the current folder."""
    if isinstance(value, dict):
        return {
            key: os.path.relpath(root / inner) if key == "file" and inner else relative_to_current(inner, root)
            for key, inner in value.items()
        }
    return [relative_to_current(inner, root) for inner in value] if isinstance(value, list) else value
