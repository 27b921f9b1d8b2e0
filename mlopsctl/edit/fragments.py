"""Format plain values as YAML fragments in flow or block style, to be inserted into a user's file."""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import Any

from mlopsctl.source.scalars import resolve

# Texts that YAML 1.1 reads as another type, unlike the spec language.
_OLD_WORDS = frozenset(("y", "n", "yes", "no", "on", "off"))


def flow(value: object, quote: str = "") -> str:
    """Format a value on one line for use inside brackets; `quote` is the quote character of the old text."""
    return _dumped({"k": value}, block=False, quote=quote)[4:-1]


def plain(value: object, quote: str = "") -> str:
    """Format a value on one line for use after a key of a block."""
    return _dumped({"k": value}, block=None, quote=quote).removeprefix("k: ")


def flow_entry(key: str, value: object) -> str:
    """Format `key: value` for use inside braces."""
    return _dumped({key: value}, block=False)[1:-1]


def block(value: object, flows: frozenset[str], longest: int) -> list[str]:
    """Format a collection as lines; values of keys in `flows` stay on one line unless that is too long."""
    return _dumped(value, block=True, flows=flows, longest=longest).split("\n")


def _dumped(
    value: object, *, block: bool | None, quote: str = "", flows: frozenset[str] = frozenset(), longest: int = 0
) -> str:
    """Dump with ruamel.yaml: `block` True for block style at all levels, False for flow, None for a block of flows."""
    from ruamel.yaml import YAML

    writer = YAML(typ="rt")
    writer.Representer = _representer()
    writer.width = 1 << 30
    writer.allow_unicode = True
    out = StringIO()
    writer.dump(_styled(value, block, quote, flows, longest), out)
    return out.getvalue().removesuffix("\n").removesuffix("\n...")


@cache
def _representer() -> Any:
    """Return a representer of ruamel.yaml that writes `null` explicitly."""
    from ruamel.yaml.representer import RoundTripRepresenter

    class Representer(RoundTripRepresenter):
        pass

    Representer.add_representer(type(None), lambda itself, _: itself.represent_scalar("tag:yaml.org,2002:null", "null"))
    return Representer


def _styled(value: object, block: bool | None, quote: str, flows: frozenset[str], longest: int) -> Any:
    """Return the value as ruamel.yaml's collections, each with its style."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    below = False if block is None else block
    if isinstance(value, dict):
        styled: Any = CommentedMap()
        for key, item in value.items():
            inline = key in flows and len(flow_entry(key, item)) <= longest
            styled[_quoted(key, "")] = _styled(item, below and not inline, quote, flows, longest)
    elif isinstance(value, list | tuple):
        styled = CommentedSeq(_styled(item, below, quote, flows, longest) for item in value)
    else:
        return _quoted(value, quote) if isinstance(value, str) else value
    if block is False or not value:
        styled.fa.set_flow_style()
    else:
        styled.fa.set_block_style()
    return styled


def _quoted(text: str, quote: str) -> object:
    """Keep the quotes of a text; add quotes where it could be read as another type."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    if quote == "'":
        return SingleQuotedScalarString(text)
    unclear = not isinstance(resolve(text), str) or text.lower() in _OLD_WORDS
    return DoubleQuotedScalarString(text) if quote == '"' or unclear or "\n" in text else text
