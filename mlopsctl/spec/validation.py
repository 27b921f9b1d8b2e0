"""From a node tree to a typed section, with every mistake of the tree found in one go.

In: a node and the section it should be. Out: the section (None where nothing could be kept), the findings, and the
places that were taken out so that the rest could still be read: later rules stay silent about those.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from mlopsctl.diagnostics.codes import shape as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.source.node import Node, Path, key_span, plain, step, value_span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.spec.scalars import shown
from mlopsctl.spec.shape import known_keys
from mlopsctl.spec.words import Section

T = TypeVar("T", bound=Section)

_KINDS: dict[str, Code] = {
    "mlc_duration": codes.BAD_DURATION,
    "mlc_quantity": codes.BAD_QUANTITY,
    "mlc_cron": codes.BAD_CRON,
    "mlc_timezone": codes.BAD_TIME_ZONE,
    "mlc_image": codes.BAD_IMAGE,
    "mlc_promql": codes.BAD_PROMQL,
    "mlc_name": codes.BAD_NAME,
    "mlc_percent": codes.BAD_PERCENT,
    "mlc_value": codes.VALUE_NOT_ALLOWED,
    "mlc_type": codes.WRONG_TYPE,
    "extra_forbidden": codes.UNKNOWN_KEY,
    "missing": codes.MISSING_KEY,
    "union_tag_invalid": codes.UNKNOWN_VARIANT,
    "union_tag_not_found": codes.UNKNOWN_VARIANT,
    "literal_error": codes.VALUE_NOT_ALLOWED,
}
_BOUNDS = ("greater_than", "less_than", "too_short", "too_long", "string_too", "multiple_of")
_TYPES = {
    "int_type": "a whole number", "int_from_float": "a whole number", "bool_type": "true or false",
    "string_type": "a text", "dict_type": "a mapping", "model_type": "a mapping", "tuple_type": "a list",
    "model_attributes_type": "a mapping", "list_type": "a list", "float_type": "a number",
}  # fmt: skip
_ROUNDS = 20


def validate(root: type[T], node: Node) -> tuple[T | None, tuple[Diagnostic, ...], frozenset[Path]]:
    """Read `node` as a `root`, leaving out what is wrong until the rest can be read."""
    value = plain(node)
    found: dict[tuple[str, Path], Diagnostic] = {}
    left_out: set[Path] = set()
    for _ in range(_ROUNDS):
        try:
            return root.model_validate(value), tuple(found.values()), frozenset(left_out)
        except ValidationError as error:
            problems = [_problem(root, node, e) for e in error.errors(include_url=False)]
        for code, path, drop, diagnostic in problems:
            if not any(path[: len(gone)] == gone for gone in left_out):
                found.setdefault((code, path), diagnostic)
            left_out.add(drop)
        if () in left_out:
            break
        for _, _, drop, _ in problems:
            _remove(value, drop)
    return None, tuple(found.values()), frozenset(left_out)


def _problem(root: type[Section], node: Node, error: Any) -> tuple[str, Path, Path, Diagnostic]:
    """Turn one pydantic error into (code, path, what to leave out, finding)."""
    kind = error["type"]
    path, on_key = _locate(node, error["loc"], missing=kind == "missing")
    code = _KINDS.get(kind) or (codes.VALUE_NOT_ALLOWED if kind.startswith(_BOUNDS) else codes.WRONG_TYPE)
    message, help = _words(root, node, path, error)
    span = key_span(node, path) if on_key or kind == "extra_forbidden" else value_span(node, path)
    if kind in ("missing", "union_tag_not_found"):
        span = value_span(node, path[:-1] if kind == "missing" else path)
    dotted = ".".join(str(part) for part in path)
    drop = _droppable(path[:-1] if kind == "missing" else path)
    return code.code, path, drop, code.at(Place(span), message, help=help, path=dotted)


def _locate(node: Node, loc: Sequence[str | int], missing: bool) -> tuple[Path, bool]:
    """Return the tree's path for pydantic's, which also names the arms of unions; and whether it is a key."""
    path: list[str | int] = []
    here: Node | None = node
    for i, part in enumerate(loc):
        if part == "[key]":
            return tuple(path), True
        child = step(here, part) if here is not None else None
        if child is not None:
            path.append(part)
            here = child
        elif (missing and i == len(loc) - 1) or isinstance(part, int):
            path.append(part)
    return tuple(path), False


def _words(root: type[Section], node: Node, path: Path, error: Any) -> tuple[str, str]:
    """Return message and help for one error."""
    kind, name = error["type"], path[-1] if path else ""
    context = error.get("ctx", {})
    if kind.startswith("mlc_"):
        return context["message"], context["help"]
    if kind == "extra_forbidden":
        return _unknown_key(root, node, path)
    if kind == "missing":
        owner = path[-2] if len(path) > 1 else "the document"
        return f"`{name}` is missing in `{owner}`", f"add `{name}:`"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _variant(path, context)
    if kind == "literal_error":
        allowed = _choices(context.get("expected", ""))
        hint = did_you_mean(str(error["input"]), allowed)
        return f"`{name}` cannot be `{shown(error['input'])}`", hint or "one of " + ", ".join(allowed)
    if kind in _TYPES:
        got = shown(error["input"]) if not isinstance(error["input"], list) else "a list"
        help = "put it in quotes to make it a text" if kind == "string_type" else ""
        return f"`{name}` takes {_TYPES[kind]}, and this is {_noun(error['input'])} (`{got}`)", help
    return f"`{name}`: {error['msg'][0].lower()}{error['msg'][1:]}", ""


def _unknown_key(root: type[Section], node: Node, path: Path) -> tuple[str, str]:
    known = known_keys(root, node, path[:-1])
    parent = path[-2] if len(path) > 1 else "the document"
    hint = did_you_mean(str(path[-1]), known)
    return f"`{parent}` has no key `{path[-1]}`", hint or "known keys: " + ", ".join(known)


def _variant(path: Path, context: Any) -> tuple[str, str]:
    field = str(context.get("discriminator", "")).strip("'")
    allowed = _choices(str(context.get("expected_tags", "")))
    tag = context.get("tag")
    if tag is None:
        return f"`{path[-1]}` does not say its `{field}`", f"add `{field}:`" + (
            ", one of " + ", ".join(allowed) if allowed else ""
        )
    return f"`{field}` cannot be `{shown(tag)}`", did_you_mean(str(tag), allowed) or "one of " + ", ".join(allowed)


def _choices(text: str) -> list[str]:
    """Cut pydantic's `'a', 'b' or 'c'`."""
    return [part.strip().strip("'") for part in text.replace(" or ", ", ").split(",") if part.strip()]


def _noun(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names: list[tuple[type | tuple[type, ...], str]] = [
        ((int, float), "a number"), (str, "a text"), (dict, "a mapping"), (list, "a list")
    ]  # fmt: skip
    return next((name for types, name in names if isinstance(value, types)), "nothing")


def _droppable(path: Path) -> Path:
    """Return what is left out for a mistake at `path`: a list goes whole, so that places keep their numbers."""
    numbers = [i for i, part in enumerate(path) if isinstance(part, int)]
    return path[: numbers[0]] if numbers else path


def _remove(value: Any, path: Path) -> None:
    """Take the value at `path` out of plain data."""
    for part in path[:-1]:
        if not isinstance(value, dict) or part not in value:
            return
        value = value[part]
    if isinstance(value, dict):
        value.pop(path[-1], None)
