"""Apply one environment's overrides and variables to a spec's node tree; every value keeps its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping as Variables

from mlopsctl.diagnostics.codes import shape as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.source.node import Entry, Items, Mapping, Node, Scalar, ScalarValue, VariableScalar, find
from mlopsctl.spec.shape import known_keys, takes_mapping
from mlopsctl.spec.system import MLSystem

_NOT_OVERRIDDEN = frozenset({"overrides", "output"})
_VARIABLE = re.compile(r"\$\{([^}]*)\}?")


def for_environment(
    node: Node, environment: str, variables: Variables[str, Scalar]
) -> tuple[Node, tuple[Diagnostic, ...]]:
    """Return `node` for `environment`; the same object if nothing differs."""
    diagnostics: list[Diagnostic] = []
    overrides = find(node, ("spec", "overrides", environment))
    grafted = node
    if isinstance(overrides, Mapping):
        for dotted, entry in overrides.entries.items():
            grafted = _graft(grafted, dotted, entry, environment, diagnostics)
    return _fill(grafted, variables, diagnostics), tuple(diagnostics)


def _graft(node: Node, dotted: str, entry: Entry, environment: str, diagnostics: list[Diagnostic]) -> Node:
    """Set the override's value at its path; report a path that the spec does not have."""
    path = ("spec", *dotted.split("."))
    leaves_at = _leaves_at(node, path)
    removes = isinstance(entry.value, Scalar) and entry.value.value is None
    if _may_be_misspelt(node, path) and (leaves_at < len(path) or (removes and find(node, path) is None)):
        return node
    if leaves_at < len(path):
        diagnostics.append(_unknown(node, path, leaves_at, entry, environment))
        return node
    if removes and find(node, path) is None:
        message = f"the override for `{environment}` removes `{dotted}`, which does not exist"
        place, at = Place(entry.key), ".".join(("spec", "overrides", environment, dotted))
        diagnostics.append(codes.UNKNOWN_OVERRIDE.at(place, message, help="remove this line", path=at))
        return node
    return _replace(node, path, entry, removes)


def _may_be_misspelt(node: Node, path: tuple[str, ...]) -> bool:
    """Return whether the spec has an unknown key along the path, which may be the misspelt key of the path."""
    for depth in range(1, len(path)):
        parent, keys = find(node, path[:depth]), known_keys(MLSystem, node, path[:depth])
        if isinstance(parent, Scalar) and takes_mapping(MLSystem, node, path[:depth]):
            return True
        if keys and isinstance(parent, Mapping) and any(key not in keys for key in parent.entries):
            return True
    return False


def _leaves_at(node: Node, path: tuple[str, ...]) -> int:
    """Return the index of the first unknown part of a path; its length if all parts are known.

    An override may set any key of the language and define new objects, but not change an undefined object.
    """
    if path[1] in _NOT_OVERRIDDEN:
        return 1
    for depth in range(1, len(path)):
        parent = find(node, path[:depth])
        if isinstance(parent, Mapping) and path[depth] in parent.entries:
            continue
        keys = known_keys(MLSystem, node, path[:depth])
        defines = not keys and isinstance(parent, Mapping) and depth == len(path) - 1
        if path[depth] not in keys and not defines:
            return depth
    return len(path)


def _replace(node: Node | None, path: tuple[str, ...], entry: Entry, removes: bool) -> Node:
    """Return a copy of `node` that differs only at `path`."""
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
    """Report the first unknown part of an override's path."""
    parent = find(node, path[:depth])
    names = dict.fromkeys(parent.entries if isinstance(parent, Mapping) else ())
    names.update(dict.fromkeys(known_keys(MLSystem, node, path[:depth])))
    owner = ".".join(path[1:depth])
    message = f"the override for `{environment}` names `{path[depth]}`, which " + (
        f"`{owner}` does not have" if owner else "is not a section of the spec"
    )
    near = did_you_mean(path[depth], [name for name in names if name not in _NOT_OVERRIDDEN])
    help = "remove `spec.`" if path[1] == "spec" else near
    dotted = ".".join(("spec", "overrides", environment, *path[1:]))
    return codes.UNKNOWN_OVERRIDE.at(Place(entry.key), message, help=help, path=dotted)


def _fill(node: Node, variables: Variables[str, Scalar], diagnostics: list[Diagnostic]) -> Node:
    """Replace `${vars.x}` in every leaf; a subtree without variables is returned unchanged."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and "${" in node.value:
            return _fill_text(node, variables, diagnostics)
        return node
    if isinstance(node, Items):
        values = tuple(_fill(value, variables, diagnostics) for value in node.values)
        return node if all(a is b for a, b in zip(values, node.values, strict=True)) else Items(values, node.span)
    changed: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        value = _fill(entry.value, variables, diagnostics)
        if value is not entry.value:
            changed[key] = Entry(entry.key, value)
    return Mapping({**node.entries, **changed}, node.span) if changed else node


def _fill_text(node: Scalar, variables: Variables[str, Scalar], diagnostics: list[Diagnostic]) -> Scalar:
    single = _VARIABLE.fullmatch(str(node.value))
    if single and single[0].endswith("}") and single[1].removeprefix("vars.") in variables and single[1][:5] == "vars.":
        variable = variables[single[1].removeprefix("vars.")]
        return VariableScalar(_stripped(variable.value), node.span, variable.text)

    def value(match: re.Match[str]) -> str:
        name = match[1].removeprefix("vars.")
        if match[0].endswith("}") and match[1].startswith("vars.") and name in variables:
            return str(_stripped(variables[name].text))
        written = match[1].startswith("vars.")
        hint = did_you_mean(name, sorted(variables)) if variables else "define it under the environment's `vars`"
        hint = hint if written else "write ${vars.name}; no other expression is replaced"
        message = f"`{match[0]}` is not a variable of this environment"
        diagnostics.append(codes.UNKNOWN_VARIABLE.at(Place(node.span), message, help=hint))
        return match[0]

    text = _VARIABLE.sub(value, str(node.value))
    return Scalar(text, node.span, node.text)


def _stripped(value: ScalarValue) -> ScalarValue:
    return value.strip() if isinstance(value, str) else value
