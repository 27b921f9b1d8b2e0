"""The structure of the spec: which keys are allowed where, for suggestions, overrides and the published schema."""

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
            arms = [arm for arm in get_args(annotation) if arm is not NoneType]
            if len(arms) != 1:
                return annotation
            annotation = arms[0]
        else:
            return annotation


def sections(annotation: Any) -> tuple[type[Section], ...]:
    """Return the section classes that an annotation allows: one, or the members of a union."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return (annotation,)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(section for arm in get_args(annotation) for section in sections(arm))
    return ()


def discriminator(annotation: Any) -> str | None:
    """Return the discriminator field of a union."""
    arms = sections(annotation)
    if len(arms) < 2:
        return None
    shared = [n for n, f in arms[0].model_fields.items() if get_origin(bare(f.annotation)) is Literal]
    return next((n for n in shared if all(n in arm.model_fields for arm in arms)), None)


def tags(section: type[Section], field: str) -> tuple[str, ...]:
    """Return the values that a section's discriminator field allows."""
    return tuple(str(v) for v in get_args(bare(section.model_fields[field].annotation)))


def arm(annotation: Any, node: Node | None) -> type[Section] | None:
    """Return the section that `node` selects; None if it selects none."""
    candidates = sections(annotation)
    if len(candidates) == 1:
        return candidates[0]
    name = discriminator(annotation)
    chosen = step(node, name) if node is not None and name else None
    if name and isinstance(chosen, Scalar):
        return next((s for s in candidates if str(chosen.value) in tags(s, name)), None)
    return None


def keys(section: type[Section]) -> dict[str, str]:
    """Return a section's keys as written in the file, with their fields."""
    return {field.alias or name: name for name, field in section.model_fields.items()}


def below(annotation: Any, node: Node | None, key: str | int) -> Any:
    """Return the annotation under `key`, or None if the spec has no such key."""
    inner = bare(annotation)
    if get_origin(inner) is dict:
        return get_args(inner)[1]
    if get_origin(inner) is tuple and isinstance(key, int):
        return get_args(inner)[0]
    section = arm(inner, node)
    name = keys(section).get(str(key)) if section else None
    return section.model_fields[name].annotation if section and name else None


def known_keys(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys allowed in the mapping at `path`; empty if names are free."""
    annotation, current = _at(root, node, path)
    section = arm(annotation, current if isinstance(current, Mapping) else None)
    return tuple(keys(section)) if section else ()


def possible_keys(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys allowed at `path`: of every union member if the file selects none, empty for free names."""
    annotations: list[Any] = [root]
    current: Node | None = node
    for part in path:
        annotations = [inner for annotation in annotations for inner in _belows(annotation, current, part)]
        current = step(current, part) if current is not None else None
    keys_found: dict[str, None] = {}
    for arm_type in map(bare, annotations):
        names = get_args(bare(get_args(arm_type)[0])) if get_origin(arm_type) is dict else ()
        keys_found |= dict.fromkeys(
            [*map(str, names), *(key for section in _arms(arm_type, current) for key in keys(section))]
        )
    return tuple(keys_found)


def _arms(annotation: Any, node: Node | None) -> tuple[type[Section], ...]:
    chosen = arm(annotation, node if isinstance(node, Mapping) else None)
    return (chosen,) if chosen else sections(annotation)


def _belows(annotation: Any, node: Node | None, key: str | int) -> list[Any]:
    """Return the annotations under `key`, of every union member if the file selects none."""
    if sections(annotation):
        inners = [below(section, node, key) for section in _arms(annotation, node)]
    else:
        inners = [below(annotation, node, key)]
    return [inner for inner in inners if inner is not None]


def takes_list(root: type[Section], node: Node, path: Sequence[str | int]) -> bool | None:
    """Return whether `path` takes a list; None if it takes a list or a single value."""
    annotation, _ = _at(root, node, path)
    annotation = bare(annotation)
    if annotation is Any or len(sections(annotation)) > 1 or get_origin(annotation) in (Union, UnionType):
        return None
    return get_origin(annotation) in (list, tuple)


def takes_mapping(root: type[Section], node: Node, path: Sequence[str | int]) -> bool:
    """Return whether `path` takes a mapping, of keys or of names."""
    annotation, _ = _at(root, node, path)
    return bool(sections(annotation)) or get_origin(bare(annotation)) is dict


def _at(root: type[Section], node: Node, path: Sequence[str | int]) -> tuple[Any, Node | None]:
    """Return the annotation and the node at `path`; None if the spec or the file has none."""
    annotation: Any = root
    current: Node | None = node
    for part in path:
        annotation = below(annotation, current, part)
        current = step(current, part) if current is not None else None
        if annotation is None:
            break
    return annotation, current


_LIKELY_KEYS = {
    **{("entities", word): "key" for word in ("keys", "joinKeys", "join_keys", "joinKey", "columns")},
    **{("views", word): "entity" for word in ("entities", "keys")},
}
"""Keys of other tools with their counterparts here, by section."""


def closest_key(root: type[Section], node: Node, path: Sequence[str | int]) -> str | None:
    """Return the closest allowed key for the unknown key at `path` that the mapping does not have yet."""
    if len(path) > 2 and (meant := _LIKELY_KEYS.get((str(path[-3]), str(path[-1])))):
        return meant
    parent = find(node, path[:-1])
    present = parent.entries if isinstance(parent, Mapping) else {}
    return closest(str(path[-1]), [key for key in known_keys(root, node, path[:-1]) if key not in present])


def misspelt_discriminator(root: type[Section], node: Node, path: Sequence[str | int], field: str) -> str | None:
    """Return the key of the mapping at `path` that is most likely a misspelt `field`."""
    mapping = find(node, path)
    possible = possible_keys(root, node, path)
    present = tuple(mapping.entries) if isinstance(mapping, Mapping) else ()
    unknown = [key for key in present if key not in possible]
    lacking = [field, *(key for key in possible if key not in present and key != field)]
    replacing = [key for key in unknown if closest(key, lacking) == field]
    # A single key that resembles no other key replaces the discriminator that every member needs.
    return replacing[0] if replacing else unknown[0] if len(unknown) == 1 and not closest(unknown[0], lacking) else None
