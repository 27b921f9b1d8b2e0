"""Values that a diff must not show: a Secret's data, what a name calls a password, what looks like a credential.

In: values and the names they stand under. Out: the same without secrets. Never keeps what it has seen.
"""

from __future__ import annotations

import re
from typing import Any

from mlopsctl.diagnostics.secrets import MASK, conceal

_WORDS = (
    r"pass(?:word|wd|phrase)|tokens?|credentials?|api[-_]?keys?|access[-_]?keys?|private[-_]?keys?"
    r"|client[-_]?secret|secret[-_]access[-_]?key|secret[-_]?value"
)
_NAMED = re.compile(rf"(?:{_WORDS})$", re.IGNORECASE)
_ASSIGNED = re.compile(
    rf"""((?:{_WORDS})["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"',;&}})\]]+)""", re.IGNORECASE
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
SECRET_DATA = frozenset({"data", "stringData"})
"""The fields of a Secret whose values are nobody's to see."""


def is_secret(name: str) -> bool:
    """Tell whether what stands under a name is called a secret by it."""
    return _NAMED.search(name) is not None


def masked(value: Any, name: str = "") -> Any:
    """Return a value as it may be shown, under the name it stands under."""
    if isinstance(value, dict):
        return {key: masked(one, variable(value, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one, name) for one in value]
    if not isinstance(value, str):
        return value
    return MASK if value and is_secret(name) else masked_text(value)


def masked_text(text: str) -> str:
    """Return a text without credentials, and without what it assigns to a name that is called a secret."""
    return _ASSIGNED.sub(rf"\1{MASK}", conceal(_KEY_BLOCK.sub(MASK, text)))


def masked_keys(text: str) -> str:
    """Return a text without private keys, which are more than a line."""
    return _KEY_BLOCK.sub(MASK, text)


def hidden(value: Any) -> Any:
    """Return what may be shown of a secret: its keys."""
    return {key: hidden(one) for key, one in value.items()} if isinstance(value, dict) else MASK


def variable(owner: dict[str, Any], key: str) -> str:
    """Return what a key's value is called: of an environment variable, the variable's name."""
    named = owner.get("name")
    return named if key == "value" and isinstance(named, str) else key
