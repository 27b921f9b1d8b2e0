"""Compile in memory, and reduce what came out to its shape: what stays when every value is blanked."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import promql_parser
import yaml

from mlopsctl.compiler import check, ready, render
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.landscape import Document, Documents
from mlopsctl.source.reader import read
from mlopsctl.tree.fileset import FileSet

_HASH = re.compile(r"-[0-9a-f]{10}\.yaml$")
Rendered = dict[str, dict[str, FileSet]]


def compiled(system: str, lock: str | None = None, workspace: str | None = None) -> tuple[Rendered, list[Diagnostic]]:
    """Render a spec's text; what is rendered is empty when there are errors."""
    problems: list[Diagnostic] = []

    def document(text: str | None, name: str) -> Document | None:
        if text is None:
            return None
        node, diagnostics = read(text.encode("utf-8", "surrogatepass"), name)
        problems.extend(diagnostics)
        return Document(name, node) if node is not None else None

    read_system, read_lock = document(system, "mlops.yaml"), document(lock, "mlops.lock")
    if read_system is None:
        return {}, problems
    shared, diagnostics = check(Documents((read_system,), document(workspace, "workspace.yaml"), read_lock))
    problems += diagnostics
    return (
        {environment.environment: render(environment) for environment in shared} if ready(problems) else {}
    ), problems


def files(rendered: Rendered) -> dict[str, str]:
    """Return every file's text by its path."""
    return {
        f"{environment}/{unit}/{file.path}": file.content
        for environment, units in rendered.items()
        for unit, fileset in units.items()
        for file in fileset
    }


def shape(rendered: Rendered) -> dict[str, Any]:
    """Return the shape of every file; a run's name carries a hash of what it would train on."""
    return {_HASH.sub("-hash.yaml", path): _file(path, text) for path, text in files(rendered).items()}


def _file(path: str, text: str) -> Any:
    if path.endswith(".py"):
        return _python(text)
    if path.endswith(".json"):
        return _value(json.loads(text), "")
    return [_value(document, "") for document in yaml.load_all(text, Loader=yaml.CSafeLoader)]


def _python(text: str) -> str:
    """Blank the constants of a module: its statements, calls and names stay."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)


def _value(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _value(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_value(inner, key) for inner in value]
    if key == "expr" and isinstance(value, str):
        return _promql(value)
    if isinstance(value, str) and value.startswith("{") and key.endswith(".json"):
        return _value(json.loads(value), "")
    if isinstance(value, str) and key.endswith(".py"):
        return _python(value)
    return type(value).__name__


def _promql(text: str) -> Any:
    """Blank the label values of an expression; Grafana's own variables stand for a minute."""
    for variable in ("$__rate_interval", "$__interval", "$__range"):
        text = text.replace(variable, "1m")
    return _node(promql_parser.parse(text))


def _node(node: Any) -> Any:
    kind = type(node).__name__
    if kind == "VectorSelector":
        return [kind, node.name, [(m.name, str(m.op)) for m in node.matchers.matchers]]
    below = [
        _node(getattr(node, name)) for name in ("lhs", "rhs", "expr", "vector_selector") if getattr(node, name, None)
    ]
    return [
        kind,
        str(getattr(node, "op", "")),
        below,
        [_node(argument) for argument in getattr(node, "args", None) or []],
    ]
