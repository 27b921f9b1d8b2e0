"""Diagnostics, plan and diff of a change, read from the files that the verbs wrote.

The files may come from a job that ran untrusted code: links are not followed, sizes are limited, and owners must be
valid names.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from mlopsctl.diagnostics.render import markdown
from mlopsctl.secrets.values import conceal, concealed

COMMENT = 60_000
"""In characters; GitHub's limit is 65,536."""
SUMMARY = 900_000
"""In characters; GitHub's limit for a step summary is 1 MiB."""

_LIMIT = 4 << 20
_OWNER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MOST_OWNERS = 20
_FOLDED = "<details><summary>{}</summary>\n\n{}\n\n</details>\n"
_LONGEST_FENCE = re.compile(r"`{3,}")


class Unreadable(Exception):  # noqa: N818  it says what the file is
    """A file of the folder was not written by a verb."""


class Review(NamedTuple):
    """The results of the verbs. `findings` is the document of `validate`; missing results are empty.

    `plan` and `diff` are Markdown, `brief` is the plan as plain text.
    """

    findings: dict[str, Any]
    plan: str = ""
    brief: str = ""
    diff: str = ""
    owners: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """Return the number of errors in the specs."""
        return int(self.findings["summary"]["errors"])


def read(folder: Path) -> Review:
    """Read the folder; raise `Unreadable` for a file that no verb wrote."""
    findings = _json(folder / "findings.json")
    plan = _json(folder / "plan.json")
    try:
        markdown.render(findings)
        int(findings["summary"]["errors"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable("findings.json is not an output of `mlopsctl validate -o json`") from None
    markup, brief, diff = (_text(folder / name) for name in ("plan.md", "plan.txt", "diff.md"))
    if findings["summary"]["errors"]:
        markup = brief = diff = ""
    markup, brief, diff = map(conceal, (markup, brief, diff))
    return Review(concealed(findings), markup, brief, diff, _owners(plan.get("reviewers")))


def text(review: Review, workspace: str, limit: int, elsewhere: str = "") -> str:
    """Return Markdown of at most about `limit` characters; `elsewhere` says where to read the rest.

    With errors, only the errors are included: the plan may contain values that validation rejected.
    """
    page = f"### mlopsctl: {workspace}\n\n"
    listed = markdown.render(review.findings)
    if review.errors:
        return f"{page}{listed}\nThe plan follows once the errors are fixed.\n"
    if not review.plan:
        page += listed
    if review.plan:
        page += _cut(review.plan, limit - len(page), elsewhere)
    folded = []
    if review.plan and review.findings["diagnostics"]:
        folded.append(("Findings", listed))
    if review.diff:
        folded.append(("Changes in the rendered files", review.diff))
    for title, inner in folded:
        part = "\n" + _FOLDED.format(title, inner.strip())
        fits = len(page) + len(part) <= limit
        page += part if fits else f"\n{title}: too long to show here. {elsewhere}\n"
    return page


def _cut(text: str, room: int, elsewhere: str) -> str:
    """Return the text, or its first lines with a note on where the rest is."""
    if len(text) <= room:
        return text
    beginning = text[: max(room, 0)].rpartition("\n")[0]
    fences = _LONGEST_FENCE.findall(beginning)
    closing = f"\n{fences[-1]}" if len(fences) % 2 else ""
    return f"{beginning}{closing}\n\nTruncated. {elsewhere}\n"


def _owners(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else []
    sound = [name for name in names if isinstance(name, str) and _OWNER.fullmatch(name)]
    return tuple(dict.fromkeys(sound))[:_MOST_OWNERS]


def _json(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        content = json.loads(text or "{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Unreadable(f"{path.name} is not a JSON object")
    return content


def _text(path: Path) -> str:
    """Return a file's text, empty if it is missing; reject links and files over the limit."""
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
