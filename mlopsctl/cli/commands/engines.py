"""`mlopsctl engines`: every engine by stage, with its versions, state, capabilities and limits."""

from __future__ import annotations

import click

from mlopsctl.catalogue.stages import STAGES
from mlopsctl.cli import output
from mlopsctl.cli.group import Verb
from mlopsctl.cli.views.engine_capabilities import document
from mlopsctl.cli.views.formats import ENGINES
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.engines.known import engines


@click.command(cls=Verb, name="engines")
@click.argument("stage", required=False)
@output.formats(ENGINES)
def command(stage: str | None, output_format: str) -> None:
    """List the engines of STAGE, or of every stage."""
    if stage is not None and stage not in STAGES:
        hint = did_you_mean(stage, list(STAGES)) or f"stages: {', '.join(STAGES)}"
        raise click.UsageError(f"there is no stage `{stage}`; {hint}")
    output.warn_of_plugins()
    engine_facts = [engine for name in ((stage,) if stage else STAGES) for engine in engines(name)]
    output.show_document(ENGINES, document(engine_facts), output_format)
