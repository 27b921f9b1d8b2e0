"""`mlopsctl explain`: why a code exists and how to mend what it finds."""

from __future__ import annotations

import click

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.explain import explanation
from mlopsctl.diagnostics.suggest import did_you_mean


@click.command(name="explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain CODE: why it matters, and how to mend it. Without one, list them all."""
    if code is None:
        for entry in codes.ALL:
            click.echo(f"{entry.code}  {entry.title}")
        return
    text = explanation(code)
    if text is None:
        hint = did_you_mean(code.upper(), [entry.code for entry in codes.ALL]) or "`mlopsctl explain` lists them"
        raise click.UsageError(f"there is no code `{code}`; {hint}")
    click.echo(text)
