"""`mlopsctl schema`: the language as JSON Schema, for editors."""

from __future__ import annotations

import click

from mlopsctl.cli import output, terminal
from mlopsctl.cli.group import Verb
from mlopsctl.spec import export


@click.command(cls=Verb, name="schema")
@click.argument("kind", type=click.Choice(tuple(export.FILES)))
def command(kind: str) -> None:
    """Print the JSON Schema of KIND."""
    output.warn_of_plugins()
    terminal.exact(export.text(kind))
