"""What is said about a value that does not fit: a message, and a way out.

In: one error of pydantic, and the place it is about. Out: two texts. Never decides whether something is wrong.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.suggest import closest
from mlopsctl.source.node import Node, Path
from mlopsctl.spec.scalars import shown
from mlopsctl.spec.shape import closest_key, known_keys
from mlopsctl.spec.words import Section

_TYPES = {
    "int_type": "a whole number", "int_from_float": "a whole number", "bool_type": "true or false",
    "string_type": "a text", "dict_type": "a mapping", "model_type": "a mapping", "tuple_type": "a list",
    "model_attributes_type": "a mapping", "list_type": "a list", "float_type": "a number",
}  # fmt: skip
_BOUNDS = {
    "greater_than_equal": ("ge", "use {} or more"),
    "greater_than": ("gt", "use more than {}"),
    "less_than_equal": ("le", "use {} or less"),
    "less_than": ("lt", "use less than {}"),
    "too_short": ("min_length", "give at least {}"),
    "too_long": ("max_length", "give at most {}"),
}
_FORMS = {
    "a mapping": "write its keys below it, indented",
    "a list": "write `[first, second]`, or one entry a line, each after `- `",
    "a whole number": "write digits alone, without quotes",
    "true or false": "write `true` or `false`",
}
_TRUTH = ("yes", "no", "on", "off", "y", "n")


def is_bound(kind: str) -> bool:
    """Tell whether an error is about a value outside of its range."""
    return kind in _BOUNDS


def words(root: type[Section], node: Node, path: Path, error: Any) -> tuple[str, str]:
    """Return message and help for one error."""
    kind, name = error["type"], shown(path[-1]) if path else "the document"
    context = error.get("ctx", {})
    if kind.startswith("mlc_"):
        return context["message"], context["help"]
    if kind == "extra_forbidden":
        return _unknown_key(root, node, path)
    if kind == "missing":
        return f"`{name}` is missing in {_owner(path)}", f"add `{name}:`"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _variant(path, context)
    if kind == "literal_error":
        allowed = _choices(context.get("expected", ""))
        return f"`{name}` cannot be `{shown(error['input'])}`", _pick(error["input"], allowed)
    if kind in _TYPES:
        return _wrong_type(name, kind, error["input"])
    if kind in _BOUNDS:
        return _out_of_range(name, kind, error["input"], context)
    return f"`{name}`: {error['msg'][0].lower()}{error['msg'][1:]}", ""


def language(key: str, given: object, known: tuple[str, ...]) -> tuple[str, str]:
    """Return message and help for an `apiVersion` or `kind` that is not the document's."""
    return f"`{key}` cannot be `{shown(given)}` here", f"write `{key}: {known[0]}`"


def _owner(path: Path) -> str:
    named = [part for part in path[:-1] if isinstance(part, str)]
    return f"`{named[-1]}`" if named else "the document"


def _pick(given: object, allowed: list[str]) -> str:
    begun = [one for one in allowed if len(str(given)) > 2 and one.startswith(str(given).lower())]
    near = begun[0] if len(begun) == 1 else closest(str(given), allowed)
    return f"did you mean `{near}`?" if near else _one_of(allowed)


def _one_of(allowed: list[str]) -> str:
    return f"use {' or '.join(allowed)}" if len(allowed) < 3 else f"use one of {', '.join(allowed)}"


def _wrong_type(name: object, kind: str, given: object) -> tuple[str, str]:
    """Say what is asked for and what was given."""
    value = "" if isinstance(given, (dict, list)) or given is None else f" (`{shown(given)}`)"
    help = _FORMS.get(_TYPES[kind], "")
    if kind == "string_type":
        help = "put it in quotes"
    elif kind == "bool_type" and str(given).lower() in _TRUTH:
        help = f"write `true` or `false`: `{shown(given)}` is a text in YAML 1.2"
    return f"`{name}` takes {_TYPES[kind]}, and this is {_noun(given)}{value}", help


def _out_of_range(name: object, kind: str, given: object, context: Any) -> tuple[str, str]:
    key, text = _BOUNDS[kind]
    help = text.format(context.get(key))
    if kind == "too_short":
        return f"`{name}` must not be empty", help
    if kind == "too_long":
        return f"`{name}` has too many entries", help
    return f"`{name}` cannot be `{shown(given)}`", help


def _unknown_key(root: type[Section], node: Node, path: Path) -> tuple[str, str]:
    near = closest_key(root, node, path)
    known = ", ".join(f"`{key}`" for key in known_keys(root, node, path[:-1]))
    help = f"did you mean `{near}`?" if near else f"it has {known}"
    return f"{_owner(path)} has no key `{path[-1]}`", help


def _variant(path: Path, context: Any) -> tuple[str, str]:
    field = str(context.get("discriminator", "")).strip("'")
    allowed = _choices(str(context.get("expected_tags", "")))
    if context.get("tag") in (None, "None"):
        return f"`{path[-1]}` does not say its `{field}`", f"add `{field}:`"
    return f"`{field}` cannot be `{shown(context['tag'])}`", _pick(context["tag"], allowed)


def _choices(text: str) -> list[str]:
    """Cut pydantic's `'a', 'b' or 'c'`."""
    return [part.strip().strip("'") for part in text.replace(" or ", ", ").split(",") if part.strip()]


def _noun(value: object) -> str:
    if isinstance(value, bool):
        return "a truth value"
    names: list[tuple[type | tuple[type, ...], str]] = [
        ((int, float), "a number"), (str, "a text"), (dict, "a mapping"), (list, "a list")
    ]  # fmt: skip
    return next((name for types, name in names if isinstance(value, types)), "nothing")
