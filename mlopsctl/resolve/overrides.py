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
from mlopsctl.spec.shape import known_keys
from mlopsctl.spec.system import MLSystem

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
    parent = find(node, path[:-1])
    if not isinstance(parent, Mapping):
        found.append(_unknown(node, path, entry, environment))
        return node
    known = known_keys(MLSystem, node, path[:-1])
    removes = isinstance(entry.value, Scalar) and entry.value.value is None
    if (known and path[-1] not in known) or (removes and path[-1] not in parent.entries):
        found.append(_unknown(node, path, entry, environment))
        return node
    return _replace(node, path, entry, removes)


def _replace(node: Node, path: tuple[str, ...], entry: Entry, removes: bool) -> Node:
    """Return a copy of `node` that differs at `path` alone."""
    assert isinstance(node, Mapping)  # noqa: S101 - the caller looked
    entries = dict(node.entries)
    if len(path) > 1:
        old = entries[path[0]]
        entries[path[0]] = Entry(old.key, _replace(old.value, path[1:], entry, removes))
    elif removes:
        del entries[path[0]]
    else:
        entries[path[0]] = entry
    return Mapping(entries, node.span)


def _unknown(node: Node, path: tuple[str, ...], entry: Entry, environment: str) -> Diagnostic:
    """Say at which word the path leaves the spec."""
    for depth in range(1, len(path)):
        here = find(node, path[:depth])
        names = list(here.entries) if isinstance(here, Mapping) else []
        known = list(known_keys(MLSystem, node, path[:depth])) if depth == len(path) - 1 else []
        if path[depth] not in names:
            owner = ".".join(path[1:depth]) or "spec"
            hint = did_you_mean(path[depth], [*names, *known])
            message = f"the override for `{environment}` names `{path[depth]}`, which `{owner}` does not have"
            dotted = ".".join(("spec", "overrides", environment, ".".join(path[1:])))
            return codes.UNKNOWN_OVERRIDE.at(Place(entry.key), message, help=hint, path=dotted)
    raise AssertionError("the path exists")


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
        hint = did_you_mean(name, sorted(variables)) or "define it under the environment's `vars`"
        message = f"`{match[0]}` names no variable of this environment"
        found.append(codes.UNKNOWN_VARIABLE.at(Place(node.span), message, help=hint))
        return match[0]

    text = _VARIABLE.sub(value, str(node.value))
    return Scalar(text, node.span, node.text)
