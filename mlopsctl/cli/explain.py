"""`mlopsctl explain`: why a code exists, where a rendered line comes from, what a line of a spec reaches."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mlopsctl import cli
from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.explain import explanation
from mlopsctl.diagnostics.suggest import did_you_mean

_FILE_AND_LINE = re.compile(r"(.*?)(?::(\d+))?(?::\d+)?", re.DOTALL)
_PATH = re.compile(r"(?:([a-z][-a-z0-9]*):)?((?:spec|metadata|environments)(?:\..+)?)", re.DOTALL)


@click.command(name="explain")
@click.argument("what", required=False)
@click.argument("path", required=False)
@click.option("--env", "environments", multiple=True, help="Only what is reached in this environment.")
@click.option("-o", "--format", "output_format", type=click.Choice(("text", "json")), default="text")
def command(what: str | None, path: str | None, environments: tuple[str, ...], output_format: str) -> int:
    """Explain WHAT; without it, list the codes.

    \b
    MLC301                        a code: why it matters, and how to mend it
    generated/…/rules.yaml:42     a rendered line: which lines of which specs decide it, and how
    generated/…/rules.yaml        a rendered file: what its lines are about
    spec.features.views.x.ttl     a place of a spec: what it reaches, in every environment and system
    card-fraud:spec.model         the same of one system, of `workspace`, or of `lock`

    PATH is a workspace, a spec or a folder; left out, the nearest one here or above.
    """
    if what is None:
        for entry in codes.ALL:
            click.echo(f"{entry.code}  {entry.title}")
        return cli.OK
    if (text := explanation(what)) is not None:
        click.echo(text)
        return cli.OK
    if found := _PATH.fullmatch(what):
        return _reach(found[1], found[2], path, environments, output_format)
    if "/" in what or Path(what.partition(":")[0]).exists():
        file, line = _FILE_AND_LINE.fullmatch(what).groups()  # type: ignore[union-attr]
        return _rendered(Path(file), int(line) if line else None, output_format)
    hint = did_you_mean(what.upper(), [entry.code for entry in codes.ALL]) or "`mlopsctl explain` lists them"
    raise click.UsageError(f"there is no code `{what}`; {hint}")


def _rendered(path: Path, line: int | None, output_format: str) -> int:
    """Explain a file of the tree, or one line of it."""
    from mlopsctl.cli import explained

    return explained.rendered_file(path, line, output_format)


def _reach(
    document: str | None, dotted: str, path: str | None, environments: tuple[str, ...], output_format: str
) -> int:
    """Tell what a place of a spec reaches."""
    from mlopsctl.cli import explained

    return explained.spec_path(document, dotted, path, environments, output_format)
