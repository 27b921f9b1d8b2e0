"""Parse untrusted YAML into plain values, fast: no tags, no aliases, a limited depth, and no recursion."""

from __future__ import annotations

import re
from typing import Any

import yaml

DEPTH = 100

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_KEY: Any = object()


class _UnsupportedYamlError(Exception):
    """The text contains more than plain values."""


def documents(text: str) -> list[Any] | None:
    """Return the documents of a text, without empty ones."""
    contents: list[Any] = []
    stack: list[list[Any]] = []
    try:
        event: Any
        for event in yaml.parse(text, _LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                _add_value(stack, contents, _scalar(event))
            elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
                value: Any = {} if kind is yaml.MappingStartEvent else []
                if event.tag is not None or len(stack) >= DEPTH:
                    return None
                _add_value(stack, contents, value)
                stack.append([value, _NO_KEY])
            elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                stack.pop()
            elif kind is yaml.AliasEvent:
                return None
    except (yaml.YAMLError, ValueError, _UnsupportedYamlError):
        return None
    return [content for content in contents if content is not None]


def _add_value(stack: list[list[Any]], contents: list[Any], value: Any) -> None:
    """Add a value: to the list, under the preceding key, or as the next key."""
    if not stack:
        contents.append(value)
        return
    top = stack[-1]
    owner, key = top
    if isinstance(owner, list):
        owner.append(value)
    elif key is not _NO_KEY:
        owner[key] = value
        top[1] = _NO_KEY
    elif isinstance(value, dict | list):
        raise _UnsupportedYamlError
    else:
        top[1] = value if isinstance(value, str) else str(value)


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.tag is not None:
        raise _UnsupportedYamlError
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
