"""One environment's tree: overrides grafted onto the spec, `${vars.x}` filled in.

In: the spec's node tree. Out: the tree of one environment, in which every value still knows the file's place it came
from. Never changes the tree it was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Variables

from mlopsctl.diagnostics.codes import shape as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.source.node import Entry, Items, Mapping, Node, Scalar, find
from mlopsctl.spec.shape import known_keys, takes_mapping
from mlopsctl.spec.system import MLSystem

_NOT_OVERRIDDEN = frozenset({"overrides", "output"})
_VARIABLE = re.compile(r"\$\{([^}]*)\}?")


def for_environment(
    node: Node, environment: str, variables: Variables[str, str]
) -> tuple[Node, tuple[Diagnostic, ...]]:
    """Return `node` as `environment` sees it; the very same node where nothing differs."""
    found: list[Diagnostic] = []
    overrides = find(node, ("spec", "overrides", environment))
    grafted = node
    if isinstance(overrides, Mapping):
        for dotted, entry in overrides.entries.items():
            grafted = _graft(grafted, dotted, entry, environment, found)
    return _fill(grafted, variables, found), tuple(found)


def _graft(node: Node, dotted: str, entry: Entry, environment: str, found: list[Diagnostic]) -> Node:
    """Put the override's value at its path; a path that the spec does not have is a finding."""
    path = ("spec", *dotted.split("."))
    leaves_at = _leaves_at(node, path)
    removes = isinstance(entry.value, Scalar) and entry.value.value is None
    if _may_be_misspelt(node, path) and (leaves_at < len(path) or (removes and find(node, path) is None)):
        return node
    if leaves_at < len(path):
        found.append(_unknown(node, path, leaves_at, entry, environment))
        return node
    if removes and find(node, path) is None:
        message = f"the override for `{environment}` removes `{dotted}`, which is not there"
        place, at = Place(entry.key), ".".join(("spec", "overrides", environment, dotted))
        found.append(codes.UNKNOWN_OVERRIDE.at(place, message, help="leave this line out", path=at))
        return node
    return _replace(node, path, entry, removes)


def _may_be_misspelt(node: Node, path: tuple[str, ...]) -> bool:
    """Tell whether the spec is wrong along the path: what the path looks for may be meant by what stands there."""
    for depth in range(1, len(path)):
        here, known = find(node, path[:depth]), known_keys(MLSystem, node, path[:depth])
        if isinstance(here, Scalar) and takes_mapping(MLSystem, node, path[:depth]):
            return True
        if known and isinstance(here, Mapping) and any(key not in known for key in here.entries):
            return True
    return False


def _leaves_at(node: Node, path: tuple[str, ...]) -> int:
    """Return the number of the word at which a path leaves the language or what the spec names; else its length.

    A key of the language that the spec does not use may be overridden; a thing that the spec does not define may not,
    but an override may define one.
    """
    if path[1] in _NOT_OVERRIDDEN:
        return 1
    for depth in range(1, len(path)):
        parent = find(node, path[:depth])
        if isinstance(parent, Mapping) and path[depth] in parent.entries:
            continue
        known = known_keys(MLSystem, node, path[:depth])
        defines = not known and isinstance(parent, Mapping) and depth == len(path) - 1
        if path[depth] not in known and not defines:
            return depth
    return len(path)


def _replace(node: Node | None, path: tuple[str, ...], entry: Entry, removes: bool) -> Node:
    """Return a copy of `node` that differs at `path` alone."""
    entries = dict(node.entries) if isinstance(node, Mapping) else {}
    span = node.span if node else entry.key
    if len(path) > 1:
        old = entries.get(path[0])
        below = _replace(old.value if old else None, path[1:], entry, removes)
        entries[path[0]] = Entry(old.key if old else entry.key, below)
    elif removes:
        del entries[path[0]]
    else:
        entries[path[0]] = entry
    return Mapping(entries, span)


def _unknown(node: Node, path: tuple[str, ...], depth: int, entry: Entry, environment: str) -> Diagnostic:
    """Say at which word the path leaves the spec."""
    here = find(node, path[:depth])
    names = dict.fromkeys(here.entries if isinstance(here, Mapping) else ())
    names.update(dict.fromkeys(known_keys(MLSystem, node, path[:depth])))
    owner = ".".join(path[1:depth])
    message = f"the override for `{environment}` names `{path[depth]}`, which " + (
        f"`{owner}` does not have" if owner else "is no section of the spec"
    )
    near = did_you_mean(path[depth], [name for name in names if name not in _NOT_OVERRIDDEN])
    help = "leave out `spec.`" if path[1] == "spec" else near
    dotted = ".".join(("spec", "overrides", environment, *path[1:]))
    return codes.UNKNOWN_OVERRIDE.at(Place(entry.key), message, help=help, path=dotted)


def _fill(node: Node, variables: Variables[str, str], found: list[Diagnostic]) -> Node:
    """Fill `${vars.x}` in every leaf; a subtree without one is returned as it is."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and "${" in node.value:
            return _fill_text(node, variables, found)
        return node
    if isinstance(node, Items):
        values = tuple(_fill(value, variables, found) for value in node.values)
        return node if all(a is b for a, b in zip(values, node.values, strict=True)) else Items(values, node.span)
    changed: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        value = _fill(entry.value, variables, found)
        if value is not entry.value:
            changed[key] = Entry(entry.key, value)
    return Mapping({**node.entries, **changed}, node.span) if changed else node


def _fill_text(node: Scalar, variables: Variables[str, str], found: list[Diagnostic]) -> Scalar:
    def value(match: re.Match[str]) -> str:
        name = match[1].removeprefix("vars.")
        if match[0].endswith("}") and match[1].startswith("vars.") and name in variables:
            return variables[name]
        written = match[1].startswith("vars.")
        hint = did_you_mean(name, sorted(variables)) if variables else "define it under the environment's `vars`"
        hint = hint if written else "write ${vars.name}; nothing else is filled in"
        message = f"`{match[0]}` names no variable of this environment"
        found.append(codes.UNKNOWN_VARIABLE.at(Place(node.span), message, help=hint))
        return match[0]

    text = _VARIABLE.sub(value, str(node.value))
    return Scalar(text, node.span, node.text)
