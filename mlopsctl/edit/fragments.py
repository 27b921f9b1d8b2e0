"""Values as pieces of YAML, to be put into a file that a person wrote.

In: plain values. Out: text in flow or block style, written by ruamel.yaml. Never a whole document, never a comment.
"""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import Any

from mlopsctl.source.scalars import resolve

# What YAML 1.1 reads as something else than text; the language itself does not.
_OLD_WORDS = frozenset(("y", "n", "yes", "no", "on", "off"))


def flow(value: object, quote: str = "") -> str:
    """Write a value on one line, as it may stand inside brackets; `quote` is the mark a text had before."""
    return _dumped({"k": value}, block=False, quote=quote)[4:-1]


def plain(value: object, quote: str = "") -> str:
    """Write a value on one line, as it may stand right of a key of a block."""
    return _dumped({"k": value}, block=None, quote=quote).removeprefix("k: ")


def flow_entry(key: str, value: object) -> str:
    """Write `key: value` as it may stand inside braces."""
    return _dumped({key: value}, block=False)[1:-1]


def block(value: object, flows: frozenset[str], longest: int) -> list[str]:
    """Write a collection as lines; what stands under a key of `flows` stays on one line, unless that is too long."""
    return _dumped(value, block=True, flows=flows, longest=longest).split("\n")


def _dumped(
    value: object, *, block: bool | None, quote: str = "", flows: frozenset[str] = frozenset(), longest: int = 0
) -> str:
    """Write with ruamel.yaml: `block` True for blocks all the way, False for flow, None for a block of flows."""
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
    """Return ruamel.yaml's representer, made to write `null` out."""
    from ruamel.yaml.representer import RoundTripRepresenter

    class Representer(RoundTripRepresenter):
        pass

    Representer.add_representer(type(None), lambda itself, _: itself.represent_scalar("tag:yaml.org,2002:null", "null"))
    return Representer


def _styled(value: object, block: bool | None, quote: str, flows: frozenset[str], longest: int) -> Any:
    """Return the value as ruamel.yaml's own collections, each told its style."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    below = False if block is None else block
    if isinstance(value, dict):
        made: Any = CommentedMap()
        for key, item in value.items():
            inline = key in flows and len(flow_entry(key, item)) <= longest
            made[_quoted(key, "")] = _styled(item, below and not inline, quote, flows, longest)
    elif isinstance(value, list | tuple):
        made = CommentedSeq(_styled(item, below, quote, flows, longest) for item in value)
    else:
        return _quoted(value, quote) if isinstance(value, str) else value
    if block is False or not value:
        made.fa.set_flow_style()
    else:
        made.fa.set_block_style()
    return made


def _quoted(text: str, quote: str) -> object:
    """Keep the quotes a text had; give it some where it could be read as anything but text."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    if quote == "'":
        return SingleQuotedScalarString(text)
    unclear = not isinstance(resolve(text), str) or text.lower() in _OLD_WORDS
    return DoubleQuotedScalarString(text) if quote == '"' or unclear or "\n" in text else text
