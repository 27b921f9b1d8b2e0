"""Validate a node tree as a typed section and report all errors in one run.

Invalid parts are dropped so that the rest can still be read; later rules report nothing on dropped parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from mlopsctl.diagnostics.codes import policy
from mlopsctl.diagnostics.codes import shape as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.source.node import Node, Path, Scalar, VariableScalar, find, key_span, plain, step, value_span
from mlopsctl.source.scalars import resolve
from mlopsctl.spec import wording
from mlopsctl.spec.shape import bare, closest_key, known_keys, misspelt_discriminator, tags
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
    "mlc_secret": policy.PLAINTEXT_SECRET,
    "extra_forbidden": codes.UNKNOWN_KEY,
    "missing": codes.MISSING_KEY,
    "union_tag_invalid": codes.UNKNOWN_VARIANT,
    "union_tag_not_found": codes.UNKNOWN_VARIANT,
    "literal_error": codes.VALUE_NOT_ALLOWED,
}
_LANGUAGE = (("apiVersion", "api_version"), ("kind", "kind"))
_ROUNDS = 40
_MODEL = ("spec", "model")
_OF_MODELS: dict[Path, object] = {
    (*_MODEL, "task"): "binary-classification",
    (*_MODEL, "flavor"): "pyfunc",
    (*_MODEL, "code"): {"image": "unread", "entrypoint": "unread:unread"},
    (*_MODEL, "code", "image"): "unread",
    (*_MODEL, "code", "entrypoint"): "unread:unread",
    (*_MODEL, "split"): {"by": "time", "holdout": "1d"},
    (*_MODEL, "registry"): {"name": "unread", "experiment": "unread"},
    (*_MODEL, "registry", "name"): "unread",
    (*_MODEL, "registry", "experiment"): "unread",
}


class Unreadable(NamedTuple):
    """The unknown parts of a document: dropped paths, and keys that an unknown key may be meant for."""

    left_out: frozenset[Path] = frozenset()
    uncertain: frozenset[Path] = frozenset()


def validate(root: type[T], node: Node) -> tuple[T | None, tuple[Diagnostic, ...], Unreadable]:
    """Validate `node` as a `root`; drop invalid parts until the rest is valid."""
    if wrong := _other_language(root, node):
        return None, wrong, Unreadable(frozenset({()}))
    value = plain(node)
    first_diagnostics: dict[tuple[str, Path], Diagnostic] = {}
    left_out: set[Path] = set()
    stand_ins = _stand_ins(root)
    read_again: dict[Path, int] = {}
    for _ in range(_ROUNDS):
        try:
            model = root.model_validate(value)
            return (
                model,
                tuple(first_diagnostics.values()),
                Unreadable(frozenset(left_out), _uncertain(root, node, first_diagnostics)),
            )
        except ValidationError as error:
            problems = [_problem(root, node, e) for e in error.errors(include_url=False)]
        if [path for _, path, _, _ in problems if _read_otherwise(value, node, path, read_again)]:
            continue
        misspelt = {path[:-1]: closest_key(root, node, path) for code, path, _, _ in problems if code == "MLC101"}
        left_before = frozenset(left_out)
        for code, path, drop, diagnostic in problems:
            follows = code == codes.VALUE_NOT_ALLOWED.code and any(_inside(problem[1], path) for problem in problems)
            follows = follows or any(
                code != problem[0] == codes.UNKNOWN_KEY.code and path == problem[1] for problem in problems
            )
            misspelt_key = code == codes.MISSING_KEY.code and misspelt.get(path[:-1]) == path[-1]
            if not misspelt_key and not follows and not any(_touches(path, lost_path) for lost_path in left_before):
                first_diagnostics.setdefault((code, path), diagnostic)
            left_out.add(path if path in stand_ins else drop)
        if () in left_out:
            break
        for _, path, drop, _ in problems:
            _leave_out(value, path, drop, stand_ins)
    return None, tuple(first_diagnostics.values()), Unreadable(frozenset(left_out))


def _read_otherwise(value: Any, node: Node, path: Path, tries: dict[Path, int]) -> bool:
    """Convert a variable to the type of its field, a string to a number or the reverse, or return it unchanged."""
    leaf, count = find(node, path), tries.get(path, 0)
    if not isinstance(leaf, VariableScalar) or count > 1:
        return False
    tries[path] = count + 1
    other = _otherwise(leaf)
    for part in path[:-1]:
        if not isinstance(value, dict | list) or step(node, part) is None:
            return False
        value, node = value[part], step(node, part) or node  # type: ignore[index]
    if other is None or not isinstance(value, dict | list):
        return False
    value[path[-1]] = leaf.value if count else other  # type: ignore[index]
    return True


def _otherwise(leaf: VariableScalar) -> object:
    """Return the variable as the other type; None if it has only one."""
    if not isinstance(leaf.value, str):
        return leaf.text
    parsed = resolve(leaf.value) if leaf.value else None
    return parsed if isinstance(parsed, int | float) else None


def _uncertain(root: type[Section], node: Node, problems: Iterable[tuple[str, Path]]) -> frozenset[Path]:
    """Return the missing keys that an unknown sibling key may be meant for."""
    parents = {path[:-1] for code, path in problems if code == codes.UNKNOWN_KEY.code}
    return frozenset(
        (*parent, key)
        for parent in parents
        for key in known_keys(root, node, parent)
        if step(find(node, parent) or node, key) is None
    )


def _inside(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def _touches(path: Path, lost_path: Path) -> bool:
    """Return whether `gone` is `path`, its parent or its child: an error at `path` is then a consequence."""
    return path[: len(lost_path)] == lost_path or lost_path[: len(path)] == path


def _other_language(root: type[Section], node: Node) -> tuple[Diagnostic, ...]:
    """Report a wrong `apiVersion` or `kind`; nothing else in the document is read then."""
    diagnostics = []
    for key, field in _LANGUAGE:
        scalar = find(node, (key,))
        values = tags(root, field)
        if isinstance(scalar, Scalar) and scalar.value not in values:
            message, help = wording.language(key, scalar.value, values)
            diagnostics.append(codes.UNKNOWN_KIND.at(Place(scalar.span), message, help=help, path=key))
    return tuple(diagnostics)


def _problem(root: type[Section], node: Node, error: Any) -> tuple[str, Path, Path, Diagnostic]:
    """Turn one pydantic error into (code, path, path to drop, diagnostic)."""
    kind = error["type"]
    path, on_key = _locate(node, error["loc"], missing=kind == "missing")
    if kind == "union_tag_not_found" and (misspelt := _misspelt_tag(root, node, path, error)):
        return misspelt
    code = _KINDS.get(kind) or (codes.VALUE_NOT_ALLOWED if wording.is_bound(kind) else codes.WRONG_TYPE)
    message, help = wording.message_and_help(root, node, path, error)
    if on_key and kind == "literal_error":
        code, message = codes.UNKNOWN_KEY, f"`{path[-2]}` has no key `{path[-1]}`"
    span = key_span(node, path) if on_key or kind == "extra_forbidden" else value_span(node, path)
    if kind == "missing":
        span = value_span(node, path[:-1])
    elif kind == "union_tag_invalid":
        span = value_span(node, (*path, str(error["ctx"]["discriminator"]).strip("'")))
    dotted = ".".join(str(part) for part in path)
    drop = _droppable(path[:-1] if kind == "missing" else path)
    return code.code, path, drop, code.at(Place(span), message, help=help, path=dotted)


def _misspelt_tag(root: type[Section], node: Node, path: Path, error: Any) -> tuple[str, Path, Path, Diagnostic] | None:
    """Return the diagnostic of a misspelt discriminator key; None if there is none."""
    field = str(error["ctx"]["discriminator"]).strip("'")
    key = misspelt_discriminator(root, node, path, field)
    if key is None:
        return None
    inside = (*path, key)
    message, dotted = f"`{path[-1]}` has no key `{key}`", ".".join(str(part) for part in inside)
    place, help = Place(key_span(node, inside)), f"did you mean `{field}`?"
    diagnostic = codes.UNKNOWN_KEY.at(place, message, help=help, path=dotted)
    return codes.UNKNOWN_KEY.code, inside, _droppable(path), diagnostic


def _locate(node: Node, loc: Sequence[str | int], missing: bool) -> tuple[Path, bool]:
    """Return the tree's path for pydantic's, which also names union members; and whether it is a key."""
    path: list[str | int] = []
    current: Node | None = node
    for i, part in enumerate(loc):
        if part == "[key]":
            return tuple(path), True
        child = step(current, part) if current is not None else None
        if child is not None:
            path.append(part)
            current = child
        elif (missing and i == len(loc) - 1) or isinstance(part, int):
            path.append(part)
    return tuple(path), False


def _droppable(path: Path) -> Path:
    """Return the path to drop for an error at `path`: a list is dropped as a whole, so that indices stay valid."""
    numbers = [i for i, part in enumerate(path) if isinstance(part, int)]
    return path[: numbers[0]] if numbers else path


def _stand_ins(root: type[Section]) -> dict[Path, object]:
    """Return placeholders for invalid or missing parts, so that their siblings are still validated.

    Rules report nothing on these paths.
    """
    fields = bare(root.model_fields["metadata"].annotation).model_fields if "metadata" in root.model_fields else {}
    metadata = {name: "unnamed" for name in ("name", "owner") if name in fields}
    inside: dict[Path, object] = {("metadata", name): text for name, text in metadata.items()}
    language: dict[Path, object] = {(key,): tags(root, field)[0] for key, field in _LANGUAGE}
    return {**inside, ("metadata",): metadata, **language, **(_OF_MODELS if "owner" in fields else {})}


def _leave_out(value: Any, path: Path, drop: Path, stand_ins: dict[Path, object]) -> None:
    """Remove the value at `drop` from plain data, or put the placeholder at `path`."""
    target = path if path in stand_ins else drop
    for part in target[:-1]:
        if not isinstance(value, dict) or part not in value:
            return
        value = value[part]
    if isinstance(value, dict) and path in stand_ins:
        stands = stand_ins[path]
        value[path[-1]] = dict(stands) if isinstance(stands, dict) else stands
    elif isinstance(value, dict):
        value.pop(target[-1], None)
