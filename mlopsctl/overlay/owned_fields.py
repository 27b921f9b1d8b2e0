"""The fields of an object that a patch may not change: what other objects, delivery and ownership rely on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.overlay.model import Plain, Pointer, Problem, at, scalars, shown

_IDENTITY: Final[tuple[Pointer, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "generateName"),
    ("metadata", "namespace"),
    ("metadata", "ownerReferences"),
    ("metadata", "finalizers"),
    ("status",),
)
OWN_LABELS: Final = ("app.kubernetes.io/", "mlopsctl.dev/")
OWN_ANNOTATIONS: Final = ("argocd.argoproj.io/",)
_PREFIX: Final = r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?"
_KEY: Final = re.compile(_PREFIX + r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_LABEL: Final = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")


def changed(before: Plain, after: Any, fixed: Iterable[str]) -> Iterator[Problem]:
    """Yield the owned fields in which a patched object differs; `fixed` are those of its kind, as JSON pointers."""
    if not isinstance(after, dict):
        yield Problem(codes.OWNED_FIELD, (), "the patch replaces the whole object")
        return
    of_kind = [tuple(pointer.split("/")[1:]) for pointer in fixed]
    for pointer in (*_IDENTITY, *of_kind):
        if at(before, pointer) != at(after, pointer):
            yield Problem(codes.OWNED_FIELD, pointer, f"a patch may not change `{shown(pointer)}`")
    for section, prefixes in (("labels", OWN_LABELS), ("annotations", OWN_ANNOTATIONS)):
        yield from _metadata(before, after, section, prefixes)
    yield from _pod_labels(before, after)


def _metadata(before: Plain, after: Plain, section: str, prefixes: tuple[str, ...]) -> Iterator[Problem]:
    pointer = ("metadata", section)
    old, new = at(before, pointer) or {}, at(after, pointer)
    if new is not None and not isinstance(new, dict):
        yield Problem(codes.INVALID_OBJECT, pointer, f"`{shown(pointer)}` is no mapping")
        return
    for key in dict.fromkeys((*old, *(new or {}))):
        if key.startswith(prefixes) and old.get(key) != (new or {}).get(key):
            yield Problem(codes.OWNED_FIELD, (*pointer, key), f"a patch may not change `{shown((*pointer, key))}`")


def _pod_labels(before: Plain, after: Plain) -> Iterator[Problem]:
    """Yield the labels of pods and selectors that are gone or changed: monitors and services select by them."""
    old, new = _labels(before), _labels(after)
    for pair, pointer in old.items():
        if pair not in new:
            yield Problem(codes.OWNED_FIELD, pointer, f"a patch may not change `{shown(pointer)}`")


def _labels(value: Plain) -> Mapping[tuple[str, Any], Pointer]:
    """Return our own labels below `spec`, by key and value."""
    return {
        (str(pointer[-1]), inner): pointer
        for pointer, inner in scalars(value.get("spec"), ("spec",))
        if str(pointer[-1]).startswith(OWN_LABELS)
    }


def invalid(value: Plain) -> Iterator[Problem]:
    """Yield labels and annotations that an API server would refuse."""
    for section in ("labels", "annotations"):
        pairs = at(value, ("metadata", section))
        for key, inner in pairs.items() if isinstance(pairs, dict) else ():
            pointer = ("metadata", section, key)
            if not _KEY.fullmatch(key):
                yield Problem(codes.INVALID_OBJECT, pointer, f"`{key}` is no key of {section}")
            elif not isinstance(inner, str):
                yield Problem(codes.INVALID_OBJECT, pointer, f"the value of `{key}` is no string", "put it in quotes")
            elif section == "labels" and not _LABEL.fullmatch(inner):
                yield Problem(codes.INVALID_OBJECT, pointer, f"the value of the label `{key}` is no label value")
