"""The list of verbs. A verb's module is imported when the verb is used."""

from __future__ import annotations

from importlib import import_module

import click

from mlopsctl import __version__
from mlopsctl.errors import OperationError, ProjectError, UsageError

VERBS: dict[str, str] = {
    "validate": "Check the specs and the relations between their stages.",
    "render": "Write the GitOps tree, or check that it is up to date.",
    "diff": "Show the changes to the rendered files, object by object.",
    "plan": "Show what a change does to the running systems, before the merge.",
    "affected": "List the systems that a change affects.",
    "engines": "List the engines of each stage, with their capabilities and limits.",
    "status": "Show what is deployed, which model versions serve, and drift from Git.",
    "lock": "Pin images and models in mlops.lock, or check that none is missing.",
    "promote": "Copy the locked versions of one environment to the next one.",
    "set": "Change values of a spec, and nothing else in the file.",
    "explain": "Explain a diagnostic code, a rendered line, or the effect of a spec line.",
    "schema": "Print a JSON Schema of the spec language.",
    "blueprint": "Print the Blueprint of one system, as JSON.",
    "run": "Run a system on this machine, from raw data to a registered model.",
    "serve": "Serve the registered model on this machine, with online features.",
    "predict": "Score a file with the registered model and its features.",
    "step": "Run one pipeline step, as every engine does.",
    "comment": "Post findings and plan to a pull request, or print them.",
    "start-run": "Start a run of a pipeline on Kubeflow Pipelines.",
}


_WITH_EMPTY_VALUES = ("step", "start-run")
"""Verbs that rendered pipelines call: values that an engine fills in may be empty."""


def _refuse_empty(arguments: list[str], ctx: click.Context) -> None:
    """Raise a usage error for an empty value, usually an unset shell variable."""
    before = ["", *arguments]
    for previous, argument in zip(before, arguments, strict=False):
        option, equals, value = argument.partition("=")
        if not argument or (argument.startswith("--") and equals and not value):
            option_name = option or (previous if previous.startswith("-") else "an argument")
            raise click.UsageError(f"{option_name} is empty: check for an unset shell variable", ctx)


class Verb(click.Command):
    """A command that reports the package's errors like click's own."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; a UsageError exits with 2, an OperationError or ProjectError with 1."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error), ctx) from error
        except OperationError as error:
            raise click.ClickException(str(error)) from error
        except ProjectError as error:
            from mlopsctl.cli.output import rejected

            return rejected(error)


class Verbs(click.Group):
    """A group that imports each verb when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs in the order of a typical workflow."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module; None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"mlopsctl.cli.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or raise a usage error with a suggestion."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from mlopsctl.diagnostics.suggest import did_you_mean

            hint = did_you_mean(args[0], list(VERBS)) or "see `mlopsctl --help`"
            raise click.UsageError(f"there is no verb `{args[0]}`; {hint}", ctx)
        if args and args[0] not in _WITH_EMPTY_VALUES:
            _refuse_empty(args[1:], ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mlopsctl")
def mlopsctl() -> None:
    """Compile one YAML spec of a machine-learning system into a GitOps tree."""
