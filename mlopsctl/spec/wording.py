"""Turn one pydantic error into a message and a help text."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.suggest import closest
from mlopsctl.source.node import Items, Node, Path, Scalar, find
from mlopsctl.spec.scalars import scalar_text
from mlopsctl.spec.shape import closest_key, known_keys, takes_list
from mlopsctl.spec.words import Section

_TYPES = {
    "int_type": "a whole number", "int_from_float": "a whole number", "bool_type": "true or false",
    "string_type": "a string", "dict_type": "a mapping", "model_type": "a mapping", "tuple_type": "a list",
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
    "a list": "write `[first, second]`, or one entry per line after `- `",
    "a whole number": "write digits only, without quotes",
    "true or false": "write `true` or `false`",
}
_ONE_KEY = "write `key: column`: an entity has one key; combine several key columns into one in the source"
_INSTEAD = {
    **{("entities", word): _ONE_KEY for word in ("keys", "joinKeys", "join_keys", "joinKey", "columns")},
    **{("views", word): "write `entity: name`: a view has one entity" for word in ("entities", "keys")},
    ("views", "eventTime"): "write `eventTime` in the view's source",
    ("endpoints", "image"): "set the model server's image in the workspace: `stack.serving.image`",
    ("sets", "views"): "write `fields: [view.field]`: a set lists each feature",
}
"""Help for keys that other tools have, by section and key."""
_TRUTH = ("yes", "no", "on", "off", "y", "n")


def is_bound(kind: str) -> bool:
    """Return whether an error is about a value out of range."""
    return kind in _BOUNDS


def message_and_help(root: type[Section], node: Node, path: Path, error: Any) -> tuple[str, str]:
    """Return message and help for one error."""
    kind, name = error["type"], scalar_text(path[-1]) if path else "the document"
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
        return f"`{name}` cannot be `{scalar_text(error['input'])}`", _pick(error["input"], allowed)
    if kind in _TYPES:
        return _wrong_type(name, kind, error["input"])
    if kind in _BOUNDS:
        return _out_of_range(name, kind, error["input"], context)
    return f"`{name}`: {error['msg'][0].lower()}{error['msg'][1:]}", ""


def language(key: str, value: object, allowed: tuple[str, ...]) -> tuple[str, str]:
    """Return message and help for a wrong `apiVersion` or `kind`."""
    return f"`{key}` cannot be `{scalar_text(value)}` here", f"write `{key}: {allowed[0]}`"


def _owner(path: Path) -> str:
    names = [part for part in path[:-1] if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the document"


def _pick(value: object, allowed: list[str]) -> str:
    begun = [choice for choice in allowed if len(str(value)) > 2 and choice.startswith(str(value).lower())]
    near = begun[0] if len(begun) == 1 else closest(str(value), allowed)
    return f"did you mean `{near}`?" if near else _one_of(allowed)


def _one_of(allowed: list[str]) -> str:
    return f"use {' or '.join(allowed)}" if len(allowed) < 3 else f"use one of {', '.join(allowed)}"


def _wrong_type(name: object, kind: str, value_given: object) -> tuple[str, str]:
    """Return message and help for a value of the wrong type."""
    value = "" if isinstance(value_given, (dict, list)) or value_given is None else f" (`{scalar_text(value_given)}`)"
    help = _FORMS.get(_TYPES[kind], "")
    if kind == "string_type":
        help = "put it in quotes"
    elif kind == "bool_type" and str(value_given).lower() in _TRUTH:
        help = f"write `true` or `false`: `{scalar_text(value_given)}` is a string in YAML 1.2"
    return f"`{name}` must be {_TYPES[kind]}, not {_noun(value_given)}{value}", help


def _out_of_range(name: object, kind: str, value: object, context: Any) -> tuple[str, str]:
    key, text = _BOUNDS[kind]
    help = text.format(context.get(key))
    if kind == "too_short":
        return f"`{name}` must not be empty", help
    if kind == "too_long":
        return f"`{name}` has too many entries", help
    return f"`{name}` cannot be `{scalar_text(value)}`", help


def _unknown_key(root: type[Section], node: Node, path: Path) -> tuple[str, str]:
    message = f"{_owner(path)} has no key `{path[-1]}`"
    if len(path) > 2 and (known_way := _INSTEAD.get((str(path[-3]), str(path[-1])))):
        return message, known_way
    near = closest_key(root, node, path)
    keys = ", ".join(f"`{key}`" for key in known_keys(root, node, path[:-1]))
    return message, _in_its_shape(root, node, path, near) if near else f"its keys: {keys}"


def _in_its_shape(root: type[Section], node: Node, path: Path, near: str) -> str:
    """Suggest the key, and the form of its value if a list is given for a single value or the reverse."""
    items, listed = find(node, path), takes_list(root, node, (*path[:-1], near))
    if listed and isinstance(items, Scalar):
        return f"did you mean `{near}`? It takes a list: `{near}: [{scalar_text(items.value)}]`"
    if listed is False and isinstance(items, Items):
        only = items.values[0] if len(items.values) == 1 else None
        example = f": `{near}: {scalar_text(only.value)}`" if isinstance(only, Scalar) else ", not a list"
        return f"did you mean `{near}`? It takes one value{example}"
    return f"did you mean `{near}`?"


def _variant(path: Path, context: Any) -> tuple[str, str]:
    field = str(context.get("discriminator", "")).strip("'")
    allowed = _choices(str(context.get("expected_tags", "")))
    if context.get("tag") in (None, "None"):
        return f"`{field}` is missing in `{path[-1]}`", f"add `{field}:`"
    return f"`{field}` cannot be `{scalar_text(context['tag'])}`", _pick(context["tag"], allowed)


def _choices(text: str) -> list[str]:
    """Split pydantic's `'a', 'b' or 'c'`."""
    return [part.strip().strip("'") for part in text.replace(" or ", ", ").split(",") if part.strip()]


def _noun(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    names: list[tuple[type | tuple[type, ...], str]] = [
        ((int, float), "a number"), (str, "a string"), (dict, "a mapping"), (list, "a list")
    ]  # fmt: skip
    return next((name for types, name in names if isinstance(value, types)), "empty")
