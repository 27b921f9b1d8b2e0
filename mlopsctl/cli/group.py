"""The list of verbs. A verb's module is imported when the verb is used."""

from __future__ import annotations

from importlib import import_module

import click

from mlopsctl import __version__

VERBS: dict[str, str] = {
    "validate": "Check the specs and the relations between their stages.",
    "render": "Write the GitOps tree, or check that it is up to date.",
    "diff": "Show what a change does to the rendered files, object by object.",
    "plan": "Say what a change does to the running systems, before it is merged.",
    "affected": "List the systems that a change reaches.",
    "engines": "List the engines of each stage, and what they can and cannot do.",
    "status": "Show what is deployed, which model version serves, and what drifted from Git.",
    "lock": "Write down what images and models stand for, or check that nothing is missing.",
    "promote": "Move what one environment has locked to the next one.",
    "set": "Change one value of a spec, and nothing else of the file.",
    "explain": "Explain a code, where a rendered line comes from, or what a line of a spec reaches.",
    "schema": "Print a JSON Schema of the language.",
    "blueprint": "Print what was decided for one system, as JSON.",
    "run": "Run a system on this machine, from raw data to a registered model.",
    "serve": "Serve the registered model on this machine, with features looked up online.",
    "predict": "Score a file with the registered model and its features.",
    "step": "Run one step of a pipeline, as every engine does.",
    "comment": "Tell a pull request what a change does, or print it.",
    "start-run": "Start a run of a pipeline on Kubeflow Pipelines, by name.",
}


class Verbs(click.Group):
    """A group that knows its verbs by name and loads each when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs in the order people meet them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module; None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"mlopsctl.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one may have been meant."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from mlopsctl.diagnostics.suggest import did_you_mean

            hint = did_you_mean(args[0], list(VERBS)) or "see `mlopsctl --help`"
            raise click.UsageError(f"there is no verb `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mlopsctl")
def mlopsctl() -> None:
    """Compile one YAML spec of a machine-learning system into a GitOps tree."""
