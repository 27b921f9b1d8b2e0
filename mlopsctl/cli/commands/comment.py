"""`mlopsctl comment`: post findings and plan to a pull request, or print them. The rendered workflows call it.

Exit codes: 0 success, 1 the code host rejects the comment, or the folder has files that no verb wrote.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.forge.bitbucket import PROXY

if TYPE_CHECKING:
    from mlopsctl.forge.review import Review

_NAME = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_API = re.compile(r"https?://[A-Za-z0-9.:/_-]+")


@click.command(cls=Verb, name="comment")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--workspace", required=True, metavar="NAME", help="Workspace of the comment; each workspace has one.")
@click.option(
    "--on",
    "host",
    type=click.Choice(["github", "bitbucket"]),
    help="Code host to post to; prints to stdout by default.",
)
@click.option("--number", type=click.IntRange(1, 2**31), help="Number of the pull request on GitHub.")
@click.option(
    "--proxy", envvar="BITBUCKET_API_PROXY", default=PROXY, help="Proxy that authenticates calls to Bitbucket."
)
def command(folder: Path, workspace: str, host: str | None, number: int | None, proxy: str) -> int:
    """Post the findings and the plan to a pull request: one comment on GitHub, one report on Bitbucket.

    FOLDER holds what the verbs wrote: findings.json of `validate -o json`, plan.json, plan.md and plan.txt of `plan`,
    diff.md of `diff`; all but the first may be missing. Tokens and names of the host are read from the variables that
    its CI sets.
    """
    from mlopsctl.forge.http import Refusal
    from mlopsctl.forge.review import SUMMARY, Unreadable, read, text

    if not _NAME.fullmatch(workspace):
        raise click.UsageError(f"`{visible(workspace)}` is not a workspace name")
    try:
        review = read(folder)
        if host == "github":
            _github(review, workspace, number)
        elif host == "bitbucket":
            _bitbucket(review, workspace, proxy)
        else:
            terminal.echo(text(review, workspace, SUMMARY), nl=False)
    except (Refusal, Unreadable) as error:
        terminal.echo(visible(f"error: {error}"), err=True)
        return cli.ERRORS
    return cli.OK


def _github(review: Review, workspace: str, number: int | None) -> None:
    from mlopsctl.forge import github
    from mlopsctl.forge.http import Host
    from mlopsctl.forge.review import COMMENT, text

    if number is None:
        raise click.UsageError("--number is required: the pull request to comment on")
    repository = _variable("GITHUB_REPOSITORY", _REPOSITORY)
    api = _variable("GITHUB_API_URL", _API, "https://api.github.com")
    host = Host(api, token=_variable("GITHUB_TOKEN", re.compile(r"[!-~]+")), accept=github.ACCEPT)
    run = os.environ.get("GITHUB_RUN_ID", "")
    elsewhere = "The full report is in the run's summary."
    if run.isdecimal():
        server = _variable("GITHUB_SERVER_URL", _API, "https://github.com")
        elsewhere = f"The full report is in [the run's summary]({server}/{repository}/actions/runs/{run})."
    body = text(review, workspace, COMMENT, elsewhere)
    result = github.publish(host, repository, number, workspace, body, review.owners)
    terminal.echo(f"the comment was {result.comment}" if result.comment != "unchanged" else "the comment is up to date")
    for owner in result.requested:
        terminal.echo(f"requested a review from {owner}")
    for reason in result.failures:
        terminal.echo(f"::warning::{visible(reason)}".replace("%", "%25"))


def _bitbucket(review: Review, workspace: str, proxy: str) -> None:
    from mlopsctl.forge import bitbucket
    from mlopsctl.forge.http import Host

    repository = _variable("BITBUCKET_REPO_FULL_NAME", _REPOSITORY)
    commit = _variable("BITBUCKET_COMMIT", _COMMIT)
    passed = os.environ.get("BITBUCKET_EXIT_CODE", "0") == "0" and not review.errors
    count = bitbucket.publish(Host(bitbucket.API, proxy=proxy), repository, commit, workspace, review, passed=passed)
    terminal.echo(f"the report is written, with {count} annotation{'s' * (count != 1)}")


def _variable(name: str, form: re.Pattern[str], default: str = "") -> str:
    """Return a variable that the host's CI sets; error messages never contain its value, which may be a token."""
    value = os.environ.get(name, "") or default
    if not value:
        raise click.UsageError(f"the variable {name} is not set")
    if not form.fullmatch(value):
        raise click.UsageError(f"the variable {name} has an invalid value")
    return value
