"""`mlopsctl schema`: the language as JSON Schema, for editors."""

from __future__ import annotations

import click

from mlopsctl.spec import export


@click.command(name="schema")
@click.argument("kind", type=click.Choice(tuple(export.FILES)))
def command(kind: str) -> None:
    """Print the JSON Schema of KIND."""
    click.echo(export.text(kind), nl=False)
