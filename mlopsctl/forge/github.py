"""One comment on a pull request of GitHub's, kept up to date, and requests for review.

In: a review, and the pull request's number. Out: what was done. Never changes a comment of somebody's, and never asks
an owner twice: the comment remembers who was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlopsctl.forge.http import Host, Refusal

ACCEPT = "application/vnd.github+json"
_PAGE, _MOST_PAGES = 100, 100
_ASKED = re.compile(r"<!-- asked:([a-z0-9 -]*) -->")


class Told(NamedTuple):
    """What became of a pull request's comment: made, updated or unchanged; whom it asks now, and why not others."""

    comment: str
    asked: tuple[str, ...]
    refused: tuple[str, ...]


def tell(host: Host, repository: str, number: int, workspace: str, text: str, owners: tuple[str, ...]) -> Told:
    """Write the comment of a workspace, or bring the one that is there up to date; ask owners that were not asked."""
    marker = f"<!-- mlopsctl:{workspace} -->"
    there = next(_comments(host, repository, number, marker), None)
    before = _asked(there["body"]) if there else ()
    asked, refused = _ask(host, repository, number, [name for name in owners if name not in before])
    body = f"{marker}\n<!-- asked:{' '.join((*before, *asked))} -->\n{text}"
    if there is None:
        host.call("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
    elif there["body"] != body:
        host.call("PATCH", f"/repos/{repository}/issues/comments/{int(there['id'])}", {"body": body})
    done = "made" if there is None else "unchanged" if there["body"] == body else "updated"
    return Told(done, asked, refused)


def _comments(host: Host, repository: str, number: int, marker: str) -> Iterator[dict[str, Any]]:
    """Yield the comments that begin with the marker and were written by a bot: anybody can write a marker."""
    for page in range(1, _MOST_PAGES + 1):
        found = host.call("GET", f"/repos/{repository}/issues/{number}/comments?per_page={_PAGE}&page={page}")
        for one in found:
            if one["user"]["type"] == "Bot" and (one["body"] or "").startswith(marker):
                yield one
        if len(found) < _PAGE:
            return


def _asked(body: str) -> tuple[str, ...]:
    """Return whom the comment says it asked; its second line is ours."""
    lines = body.replace("\r\n", "\n").split("\n", 2)
    found = _ASKED.fullmatch(lines[1]) if len(lines) > 1 else None
    return tuple(found[1].split()) if found else ()


def _ask(host: Host, repository: str, number: int, owners: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask each team for a review, one at a time: one that does not exist must not keep the others from being asked."""
    asked, refused = [], []
    for owner in owners:
        try:
            path = f"/repos/{repository}/pulls/{number}/requested_reviewers"
            host.call("POST", path, {"team_reviewers": [owner]})
            asked.append(owner)
        except Refusal as refusal:
            refused.append(f"{owner} was not asked for a review: {refusal}")
    return tuple(asked), tuple(refused)
