"""What was found about a change: findings, plan and difference, from the files that the verbs wrote.

In: a folder that may come from a job that ran a stranger's code. Out: a `Review`, and its text within a limit. Never
follows a link, never reads more than a limit, and never takes an owner for anything but a name.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from mlopsctl.diagnostics import markdown

COMMENT = 60_000
"""GitHub takes 65,536 characters."""
SUMMARY = 900_000
"""GitHub takes 1 MiB in the summary of a step."""

_LIMIT = 4 << 20
_OWNER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MOST_OWNERS = 20
_FOLDED = "<details><summary>{}</summary>\n\n{}\n\n</details>\n"
_LONGEST_FENCE = re.compile(r"`{3,}")


class Unreadable(Exception):  # noqa: N818  it says what the file is
    """A file of the folder is not what the verb writes."""


class Review(NamedTuple):
    """What was found. `findings` is the document of `validate`; what a verb did not come to is empty.

    `plan` and `diff` are Markdown, `brief` is the plan as plain text.
    """

    findings: dict[str, Any]
    plan: str = ""
    brief: str = ""
    diff: str = ""
    owners: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many errors the specs have."""
        return int(self.findings["summary"]["errors"])


def read(folder: Path) -> Review:
    """Read the folder; raise `Unreadable` for a file that no verb wrote."""
    findings = _json(folder / "findings.json")
    plan = _json(folder / "plan.json")
    try:
        markdown.render(findings)
        int(findings["summary"]["errors"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable("findings.json is not what `mlopsctl validate -o json` writes") from None
    markup, brief, diff = (_text(folder / name) for name in ("plan.md", "plan.txt", "diff.md"))
    return Review(findings, markup, brief, diff, _owners(plan.get("reviewers")))


def text(review: Review, workspace: str, limit: int, elsewhere: str = "") -> str:
    """Return Markdown of at most about `limit` characters; `elsewhere` says where the rest can be read."""
    page = f"### mlopsctl: {workspace}\n\n"
    listed = markdown.render(review.findings)
    if review.errors or not review.plan:
        page += listed
    if review.plan:
        page += _cut(review.plan, limit - len(page), elsewhere)
    folded = []
    if review.plan and not review.errors and review.findings["diagnostics"]:
        folded.append(("What the specs are told", listed))
    if review.diff:
        folded.append(("What changes in the rendered files", review.diff))
    for title, inner in folded:
        part = "\n" + _FOLDED.format(title, inner.strip())
        fits = len(page) + len(part) <= limit
        page += part if fits else f"\n{title}: too long for this place. {elsewhere}\n"
    return page


def _cut(text: str, room: int, elsewhere: str) -> str:
    """Return the text, or its first lines and a word on where the rest is."""
    if len(text) <= room:
        return text
    kept = text[: max(room, 0)].rpartition("\n")[0]
    fences = _LONGEST_FENCE.findall(kept)
    closing = f"\n{fences[-1]}" if len(fences) % 2 else ""
    return f"{kept}{closing}\n\nThe rest is too long for this place. {elsewhere}\n"


def _owners(found: Any) -> tuple[str, ...]:
    names = found if isinstance(found, list) else []
    sound = [name for name in names if isinstance(name, str) and _OWNER.fullmatch(name)]
    return tuple(dict.fromkeys(sound))[:_MOST_OWNERS]


def _json(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unreadable(f"{path.name} holds no JSON object")
    return found


def _text(path: Path) -> str:
    """Return a file's text, nothing where there is none; a link or a file without end is refused."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Unreadable(f"{path.name}: {error.strerror}") from None
    try:
        with os.fdopen(fd, "rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        raise Unreadable(f"{path.name}: {error.strerror}") from None
    if len(data) > _LIMIT:
        raise Unreadable(f"{path.name} is larger than {_LIMIT >> 20} MiB")
    return data.decode("utf-8", errors="replace").replace("\0", "")
