"""`mlopsctl explain`: explain a code, the origin of a rendered line, or the effect of a line of a spec."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.formats import EXPLAIN
from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.render.explain import explanation
from mlopsctl.diagnostics.render.formats import Page
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.errors import ProjectError
from mlopsctl.secrets.values import conceal

if TYPE_CHECKING:
    from mlopsctl.explain.queries import Explanation

_FILE_AND_LINE = re.compile(r"(.*?)(?::(\d+))?(?::\d+)?", re.DOTALL)
_PATH = re.compile(r"(?:([a-z][-a-z0-9]*):)?((?:spec|metadata|environments)(?:\..+)?)", re.DOTALL)


@click.command(cls=Verb, name="explain")
@click.argument("subject", metavar="[WHAT]", required=False)
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Limit to this environment; repeatable.")
@report.formats(EXPLAIN)
def command(subject: str | None, path: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """Explain WHAT, or list the diagnostic codes.

    \b
    MLC301                        a code: why it matters, and how to fix it
    generated/…/rules.yaml:42     a rendered line: the lines of the specs that decide it
    generated/…/rules.yaml        a rendered file: the sources of its lines
    spec.features.views.x.ttl     a path of a spec: its effect in every environment and system
    card-fraud:spec.model         the same for one system, `workspace` or `lock`

    PATH is a workspace, a spec or a folder. Default: the nearest one in this folder or above it.
    """
    if subject is None:
        for entry in codes.ALL:
            terminal.echo(f"{entry.code}  {entry.title}")
        return cli.OK
    if (text := explanation(subject)) is not None:
        terminal.echo(text)
        return cli.OK
    if match := _PATH.fullmatch(subject):
        return _reach(match[1], match[2], path, environments, output_format)
    if "/" in subject or Path(subject.partition(":")[0]).exists():
        file, line = _FILE_AND_LINE.fullmatch(subject).groups()  # type: ignore[union-attr]
        return _rendered(Path(file), int(line) if line else None, output_format)
    hint = did_you_mean(subject.upper(), [entry.code for entry in codes.ALL]) or "`mlopsctl explain` lists them"
    raise click.UsageError(f"there is no code `{subject}`; {hint}")


def _rendered(path: Path, line: int | None, output_format: str) -> int:
    """Explain a file of the tree, or one line of it."""
    from mlopsctl.explain import queries

    try:
        answer = queries.rendered_file(path, line)
    except ProjectError as error:
        return report.rejected(error, "cannot explain: fix the errors above first", output_format)
    if answer.finding and output_format == "text":
        report.show((answer.finding,), (answer.environment,), answer.root, "text")
    _show(answer, output_format)
    return cli.OK


def _reach(
    document: str | None, dotted: str, path: str | None, environments: tuple[str, ...], output_format: str
) -> int:
    """Print the effect of a path of a spec."""
    from mlopsctl.explain import queries

    try:
        answer = queries.spec_path(document, dotted, path, environments)
    except ProjectError as error:
        return report.rejected(error, "cannot explain: fix the errors above first", output_format)
    _show(answer, output_format)
    return cli.OK


def _show(explanation: Explanation, output_format: str) -> None:
    """Print an answer: as JSON with paths from the project's root, or as text with paths from the current folder."""
    answer = explanation.document
    if "text" in answer:  # a line of a file that may have been edited by hand
        answer = {**answer, "text": conceal(answer["text"], strict=False)}
    page = Page(report.source_lines(explanation.root), report.is_coloured(sys.stdout))
    is_text = output_format == "text"
    report.show_document(
        EXPLAIN, report.relative_to_current(answer, explanation.root) if is_text else answer, output_format, page
    )
