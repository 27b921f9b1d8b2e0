"""The language seen as a shape: which keys may stand where.

In: a section's class and a path. Out: the annotation there and its keys, for "did you mean", for overrides and for
the published schema. Never validates a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from mlopsctl.diagnostics.suggest import closest
from mlopsctl.source.node import Mapping, Node, Scalar, find, step
from mlopsctl.spec.words import Section


def bare(annotation: Any) -> Any:
    """Strip `Annotated` and `| None` from an annotation."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            kept = [arm for arm in get_args(annotation) if arm is not NoneType]
            if len(kept) != 1:
                return annotation
            annotation = kept[0]
        else:
            return annotation


def sections(annotation: Any) -> tuple[type[Section], ...]:
    """Return the section classes an annotation allows: one, or the arms of a union."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return (annotation,)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(found for arm in get_args(annotation) for found in sections(arm))
    return ()


def discriminator(annotation: Any) -> str | None:
    """Return the field that tells a union's arms apart."""
    arms = sections(annotation)
    if len(arms) < 2:
        return None
    shared = [n for n, f in arms[0].model_fields.items() if get_origin(bare(f.annotation)) is Literal]
    return next((n for n in shared if all(n in arm.model_fields for arm in arms)), None)


def tags(section: type[Section], field: str) -> tuple[str, ...]:
    """Return the values a section's discriminating field allows."""
    return tuple(str(v) for v in get_args(bare(section.model_fields[field].annotation)))


def arm(annotation: Any, node: Node | None) -> type[Section] | None:
    """Return the section that `node` chooses; None where it chooses none."""
    found = sections(annotation)
    if len(found) == 1:
        return found[0]
    name = discriminator(annotation)
    chosen = step(node, name) if node is not None and name else None
    if name and isinstance(chosen, Scalar):
        return next((s for s in found if str(chosen.value) in tags(s, name)), None)
    return None


def keys(section: type[Section]) -> dict[str, str]:
    """Return a section's keys as the file has them, with the fields they stand for."""
    return {field.alias or name: name for name, field in section.model_fields.items()}


def below(annotation: Any, node: Node | None, key: str | int) -> Any:
    """Return the annotation under `key`, or None where the language has no such place."""
    here = bare(annotation)
    if get_origin(here) is dict:
        return get_args(here)[1]
    if get_origin(here) is tuple and isinstance(key, int):
        return get_args(here)[0]
    section = arm(here, node)
    name = keys(section).get(str(key)) if section else None
    return section.model_fields[name].annotation if section and name else None


def known_keys(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that may stand in the mapping at `path`; empty where names are free."""
    annotation, here = _at(root, node, path)
    section = arm(annotation, here if isinstance(here, Mapping) else None)
    return tuple(keys(section)) if section else ()


def possible_keys(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that may stand at `path`: of every arm where the file chooses none, empty for free names."""
    annotations: list[Any] = [root]
    here: Node | None = node
    for part in path:
        annotations = [found for one in annotations for found in _belows(one, here, part)]
        here = step(here, part) if here is not None else None
    found: dict[str, None] = {}
    for one in map(bare, annotations):
        names = get_args(bare(get_args(one)[0])) if get_origin(one) is dict else ()
        found |= dict.fromkeys([*map(str, names), *(key for section in _arms(one, here) for key in keys(section))])
    return tuple(found)


def _arms(annotation: Any, node: Node | None) -> tuple[type[Section], ...]:
    chosen = arm(annotation, node if isinstance(node, Mapping) else None)
    return (chosen,) if chosen else sections(annotation)


def _belows(annotation: Any, node: Node | None, key: str | int) -> list[Any]:
    """Return the annotations under `key`, of every arm where the file chooses none."""
    if sections(annotation):
        found = [below(section, node, key) for section in _arms(annotation, node)]
    else:
        found = [below(annotation, node, key)]
    return [one for one in found if one is not None]


def takes_mapping(root: type[Section], node: Node, path: Sequence[str | int]) -> bool:
    """Tell whether a mapping belongs at `path`, of keys or of names."""
    annotation, _ = _at(root, node, path)
    return bool(sections(annotation)) or get_origin(bare(annotation)) is dict


def _at(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[Any, Node | None]:
    """Return the annotation and the node at `path`; None where the language or the file has none."""
    annotation: Any = root
    here: Node | None = node
    for part in path:
        annotation = below(annotation, here, part)
        here = step(here, part) if here is not None else None
        if annotation is None:
            break
    return annotation, here


def closest_key(root: type[Section], node: Node, path: Sequence[str | int]) -> str | None:
    """Return the key that the unknown one at `path` was most likely meant to be: one that is not there yet."""
    parent = find(node, path[:-1])
    present = parent.entries if isinstance(parent, Mapping) else {}
    return closest(str(path[-1]), [key for key in known_keys(root, node, path[:-1]) if key not in present])
