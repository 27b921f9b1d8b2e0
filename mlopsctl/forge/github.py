"""One comment on a GitHub pull request, kept up to date, and review requests.

Other users' comments are never changed. The comment records the requested owners, so that none is asked twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlopsctl.forge.http import Host, Refusal

ACCEPT = "application/vnd.github+json"
_PAGE, _MOST_PAGES = 100, 100
_REQUESTED = re.compile(r"<!-- asked:([a-z0-9 -]*) -->")


class CommentResult(NamedTuple):
    """The result: the comment is made, updated or unchanged; the owners asked now, and the rejected requests."""

    comment: str
    requested: tuple[str, ...]
    failures: tuple[str, ...]


def publish(
    host: Host, repository: str, number: int, workspace: str, text: str, owners: tuple[str, ...]
) -> CommentResult:
    """Create or update the comment of a workspace; request reviews from owners not asked before."""
    marker = f"<!-- mlopsctl:{workspace} -->"
    comment = next(_comments(host, repository, number, marker), None)
    before = _requested_before(comment["body"]) if comment else ()
    requested, refused = _request_reviews(host, repository, number, [name for name in owners if name not in before])
    body = f"{marker}\n<!-- asked:{' '.join((*before, *requested))} -->\n{text}"
    if comment is None:
        host.call("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
    elif comment["body"] != body:
        host.call("PATCH", f"/repos/{repository}/issues/comments/{int(comment['id'])}", {"body": body})
    done = "made" if comment is None else "unchanged" if comment["body"] == body else "updated"
    return CommentResult(done, requested, refused)


def _comments(host: Host, repository: str, number: int, marker: str) -> Iterator[dict[str, Any]]:
    """Yield the comments of bots that begin with the marker, since any user can write a marker."""
    for page in range(1, _MOST_PAGES + 1):
        comments = host.call("GET", f"/repos/{repository}/issues/{number}/comments?per_page={_PAGE}&page={page}")
        for comment in comments:
            if comment["user"]["type"] == "Bot" and (comment["body"] or "").startswith(marker):
                yield comment
        if len(comments) < _PAGE:
            return


def _requested_before(body: str) -> tuple[str, ...]:
    """Return the owners that the comment records as asked, in its second line."""
    lines = body.replace("\r\n", "\n").split("\n", 2)
    match = _REQUESTED.fullmatch(lines[1]) if len(lines) > 1 else None
    return tuple(match[1].split()) if match else ()


def _request_reviews(
    host: Host, repository: str, number: int, owners: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Request a review from each team separately: an unknown team must not block the others."""
    requested, refused = [], []
    for owner in owners:
        try:
            path = f"/repos/{repository}/pulls/{number}/requested_reviewers"
            host.call("POST", path, {"team_reviewers": [owner]})
            requested.append(owner)
        except Refusal as refusal:
            refused.append(f"cannot request a review from {owner}: {refusal}")
    return tuple(requested), tuple(refused)
