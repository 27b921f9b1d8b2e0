"""Texts of several lines compared line by line.

In: two texts. Out: the lines that differ, as a short unified diff. Never shows a secret.
"""

from __future__ import annotations

from difflib import unified_diff

from mlopsctl.change.manifests_secrets import masked_keys, masked_text

CONTEXT = 2
_LONGEST = 20_000
_LINE = 400


def hunk(old: str, new: str) -> tuple[str, ...]:
    """Return the changed lines with a few around them; a line of words where they cannot be shown."""
    before, after = (masked_keys(text).splitlines() for text in (old, new))
    if len(before) + len(after) > _LONGEST:
        return (f"@@ {len(before)} lines, now {len(after)}: too long to compare line by line @@",)
    lines = [masked_text(line) for line in list(unified_diff(before, after, lineterm="", n=CONTEXT))[2:]]
    shown = tuple(line if len(line) <= _LINE else f"{line[:_LINE]}…" for line in lines)
    return shown or ("@@ what differs is secret, or only the end of a line @@",)
