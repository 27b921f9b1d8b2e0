"""From a node tree to a typed section, with every mistake of the tree found in one go.

In: a node and the section it should be. Out: the section (None where nothing could be kept), the findings, and the
places that were taken out so that the rest could still be read: later rules stay silent about those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from mlopsctl.diagnostics.codes import policy
from mlopsctl.diagnostics.codes import shape as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.source.node import Node, Path, Scalar, find, key_span, plain, step, value_span
from mlopsctl.spec import wording
from mlopsctl.spec.shape import bare, closest_key, known_keys, tags
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


class Lost(NamedTuple):
    """What is not known of a document: places left out as wrong, and keys that an unknown one may stand for."""

    left_out: frozenset[Path] = frozenset()
    uncertain: frozenset[Path] = frozenset()


def validate(root: type[T], node: Node) -> tuple[T | None, tuple[Diagnostic, ...], Lost]:
    """Read `node` as a `root`, leaving out what is wrong until the rest can be read."""
    if wrong := _other_language(root, node):
        return None, wrong, Lost(frozenset({()}))
    value = plain(node)
    found: dict[tuple[str, Path], Diagnostic] = {}
    left_out: set[Path] = set()
    stand_ins = _stand_ins(root)
    for _ in range(_ROUNDS):
        try:
            made = root.model_validate(value)
            return made, tuple(found.values()), Lost(frozenset(left_out), _uncertain(root, node, found))
        except ValidationError as error:
            problems = [_problem(root, node, e) for e in error.errors(include_url=False)]
        misspelt = {path[:-1]: closest_key(root, node, path) for code, path, _, _ in problems if code == "MLC101"}
        gone = frozenset(left_out)
        for code, path, drop, diagnostic in problems:
            follows = code == codes.VALUE_NOT_ALLOWED.code and any(_inside(one[1], path) for one in problems)
            follows = follows or any(code != one[0] == codes.UNKNOWN_KEY.code and path == one[1] for one in problems)
            meant = code == codes.MISSING_KEY.code and misspelt.get(path[:-1]) == path[-1]
            if not meant and not follows and not any(_touches(path, one) for one in gone):
                found.setdefault((code, path), diagnostic)
            left_out.add(path if path in stand_ins else drop)
        if () in left_out:
            break
        for _, path, drop, _ in problems:
            _leave_out(value, path, drop, stand_ins)
    return None, tuple(found.values()), Lost(frozenset(left_out))


def _uncertain(root: type[Section], node: Node, found: Iterable[tuple[str, Path]]) -> frozenset[Path]:
    """Return the keys that are not there and may be meant by unknown ones beside their place."""
    parents = {path[:-1] for code, path in found if code == codes.UNKNOWN_KEY.code}
    return frozenset(
        (*parent, key)
        for parent in parents
        for key in known_keys(root, node, parent)
        if step(find(node, parent) or node, key) is None
    )


def _inside(path: Path, whole: Path) -> bool:
    return len(path) > len(whole) and path[: len(whole)] == whole


def _touches(path: Path, gone: Path) -> bool:
    """Tell whether something was left out at `path`, around it or inside: what it lacks is the consequence."""
    return path[: len(gone)] == gone or gone[: len(path)] == path


def _other_language(root: type[Section], node: Node) -> tuple[Diagnostic, ...]:
    """Report an `apiVersion` or `kind` that is not this document's: nothing else in it can be understood then."""
    found = []
    for key, field in _LANGUAGE:
        given = find(node, (key,))
        known = tags(root, field)
        if isinstance(given, Scalar) and given.value not in known:
            message, help = wording.language(key, given.value, known)
            found.append(codes.UNKNOWN_KIND.at(Place(given.span), message, help=help, path=key))
    return tuple(found)


def _problem(root: type[Section], node: Node, error: Any) -> tuple[str, Path, Path, Diagnostic]:
    """Turn one pydantic error into (code, path, what to leave out, finding)."""
    kind = error["type"]
    path, on_key = _locate(node, error["loc"], missing=kind == "missing")
    code = _KINDS.get(kind) or (codes.VALUE_NOT_ALLOWED if wording.is_bound(kind) else codes.WRONG_TYPE)
    message, help = wording.words(root, node, path, error)
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


def _droppable(path: Path) -> Path:
    """Return what is left out for a mistake at `path`: a list goes whole, so that places keep their numbers."""
    numbers = [i for i, part in enumerate(path) if isinstance(part, int)]
    return path[: numbers[0]] if numbers else path


def _stand_ins(root: type[Section]) -> dict[Path, object]:
    """Return what stands for what is wrong or missing, so that the rest around it is checked as well.

    Rules stay silent about a place that was left out; these are the places for which they know to.
    """
    fields = bare(root.model_fields["metadata"].annotation).model_fields if "metadata" in root.model_fields else {}
    named = {name: "unnamed" for name in ("name", "owner") if name in fields}
    inside: dict[Path, object] = {("metadata", name): text for name, text in named.items()}
    language: dict[Path, object] = {(key,): tags(root, field)[0] for key, field in _LANGUAGE}
    return {**inside, ("metadata",): named, **language, **(_OF_MODELS if "owner" in fields else {})}


def _leave_out(value: Any, path: Path, drop: Path, stand_ins: dict[Path, object]) -> None:
    """Take the value at `drop` out of plain data, or put what stands for it at `path`."""
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
