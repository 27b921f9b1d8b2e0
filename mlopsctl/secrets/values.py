"""Mask credentials in texts and plain data."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mlopsctl.secrets import forms, names

MASK = "***"
_SHORTEST, _LEAST, _LONG_LITERAL = 16, 4, 20
_RANDOM = re.compile(
    r"(?<![\w+/.:-])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?:[A-Za-z0-9_-]{32,}|[A-Za-z0-9+/]{40})={0,2}(?![\w+/=.:-])"
)
_KEY_LINE = re.compile(r"^[\s+|-]*(?P<body>[A-Za-z0-9+/]{48,76}={0,2})\s*$", re.MULTILINE)
"""A line of a private key, without the surrounding lines."""
_LONG = re.compile(r"[A-Za-z0-9_.=+/|%~:-]{16,}")
_LEAST_ENTROPY = 4.2
"""Bits per character: 32 random letters and digits have 4.4 on average, English words in a name 3.9 at most."""
_HIGH_ENTROPY, _SEVERAL = 4.5, 3
"""The entropy for a text with fewer than `_SEVERAL` digits, which may be a mixed-case name."""


def has_secret(text: str) -> bool:
    """Return whether a text contains a credential of a known format, or a random text."""
    # Most texts are short names; a short credential is next to one of these symbols.
    if len(text) < _SHORTEST and not any(sign in text for sign in "@=:") and "--" not in text:
        return False
    return next(_credential_spans(text, strict=True), None) is not None


def conceal(text: str, *, strict: bool = True) -> str:
    """Return the text with every credential masked.

    Unless `strict`, also every value assigned to a name of a credential: for lines of files, which are not prose.
    """
    if strict and not has_secret(text):
        return text
    for start, end in reversed(spans(text, strict=strict)):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text


def spans(text: str, *, strict: bool = True) -> list[tuple[int, int]]:
    """Return the (start, end) indices of credentials in a text, from 0, without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_credential_spans(text, strict=strict)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def is_secret(name: str, value: str) -> bool:
    """Return whether the value of a name is a credential, by the name or by both."""
    if names.is_placeholder(value) or len(value) < _LEAST:
        return has_secret(value)
    if names.is_secret_name(name) or has_secret(value):
        return True
    return names.suggests_credential(name) and not names.is_ordinary(value)


def masked(value: Any, name: str = "") -> Any:
    """Return plain data with credentials masked; of a secret's members only the keys remain."""
    if isinstance(value, dict):
        inside = f"{name}." if names.is_secret_name(name) else ""
        return {key: masked(item, _member(inside, variable(value, key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, option(value[i - 1] if i else None) or name) for i, item in enumerate(value)]
    if value is None or value == "" or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return MASK if names.is_secret_name(name) else value
    return MASK if names.is_secret_name(name) or (is_secret(name, value) and not has_secret(value)) else conceal(value)


def concealed(value: Any) -> Any:
    """Return plain data with every text masked, regardless of names."""
    if isinstance(value, dict):
        return {key: concealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [concealed(item) for item in value]
    return conceal(value) if isinstance(value, str) else value


def _member(inside: str, name: str) -> str:
    """Return a name that marks a member of a secret as a secret."""
    return inside.rstrip(".") if inside else name


def variable(owner: dict[str, Any], key: Any) -> str:
    """Return the name of a key's value: for an environment variable, the variable's name."""
    name = owner.get("name")
    return name if key == "value" and isinstance(name, str) else str(key)


def option(before: Any) -> str:
    """Return the option whose value a list item is, given the preceding item; empty if there is none."""
    return before[2:] if isinstance(before, str) and before.startswith("--") and "=" not in before else ""


def _credential_spans(text: str, *, strict: bool) -> Iterator[tuple[int, int]]:
    """Yield the positions of credentials in a text."""
    if long := [match.span() for match in _LONG.finditer(text)]:
        for span in long:
            yield from (match.span() for match in forms.issued().finditer(text, *span))
        yield from (match.span() for match in _RANDOM.finditer(text) if _is_random(match[0]))
    lowered = text.lower()
    if forms.may_hold(lowered):
        for pattern in forms.placed(lowered):
            yield from ((match.end("keep"), match.end() - match[0].endswith("@")) for match in pattern.finditer(text))
        yield from (match.span() for match in forms.key_block().finditer(text))
    if names.may_assign(lowered):
        yield from _assigned(text, strict=strict)
    if not strict:
        yield from (match.span("body") for match in _KEY_LINE.finditer(text))


def _assigned(text: str, *, strict: bool) -> Iterator[tuple[int, int]]:
    """Yield the positions of values of such names; `strict` skips possible prose and queries."""
    for match in names.assigned().finditer(text):
        kind = match.lastgroup or "bare"
        value = match[kind]
        name = match["keep"].rstrip("\\ =:>\"']")
        harmless = names.is_placeholder(value) or (names.suggests_credential(name) and names.is_ordinary(value))
        if not harmless and not (strict and _may_be_prose(match["keep"], value, kind)):
            yield match.span(kind)


def _may_be_prose(keep: str, value: str, kind: str) -> bool:
    """Return whether it may be prose or a query: `the token: a string`, `where token = 'x'`, `password: see below`.

    A text in double quotes is not a literal of a query, and a text as long as a credential is not a word.
    """
    if len(value) < _LEAST or value[0] == ":":
        return True
    if keep.startswith("-"):
        return False
    strong = names.is_secret_name(keep.rstrip("\\ =:>\"']")) and not keep.rstrip(" =:").endswith(("token", "Token"))
    quoted_name = keep.rstrip(" :=]").endswith(('"', "'"))
    if strong and (("=" in keep and keep == keep.rstrip()) or quoted_name):
        return False
    spaced = "=" in keep and keep != keep.rstrip()
    return names.is_ordinary(value) or (spaced and kind != "double" and len(value) < _LONG_LITERAL)


def _is_random(text: str) -> bool:
    """Return whether a text has the entropy of a credential."""
    counts = Counter(text)
    digits = sum(counts[digit] for digit in "0123456789")
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return entropy >= (_LEAST_ENTROPY if digits >= _SEVERAL else _HIGH_ENTROPY) and digits > 0
