"""Compare multi-line texts line by line."""

from __future__ import annotations

from difflib import unified_diff

from mlopsctl.secrets.forms import key_block
from mlopsctl.secrets.values import MASK, conceal

CONTEXT = 2
_LONGEST = 20_000
_LINE = 400


def hunk(old: str, new: str) -> tuple[str, ...]:
    """Return the changed lines with some context; a summary line if they cannot be shown."""
    before, after = (key_block().sub(MASK, text).splitlines() for text in (old, new))
    if len(before) + len(after) > _LONGEST:
        return (f"@@ {len(before)} lines, now {len(after)}: too long to compare line by line @@",)
    lines = [conceal(line, strict=False) for line in list(unified_diff(before, after, lineterm="", n=CONTEXT))[2:]]
    readable = tuple(line if len(line) <= _LINE else f"{line[:_LINE]}…" for line in lines)
    return readable or ("@@ what differs is secret, or only the end of a line @@",)
