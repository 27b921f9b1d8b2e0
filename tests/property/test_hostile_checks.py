"""Hostile text in what the other check engines are asked for: it is refused, or it stays a value."""

from __future__ import annotations

import json
from typing import Any

import expectations
import pytest
import scans
from projects import LOCK, WORKSPACE, spec
from property.rendering import compiled, files, shape
from property.test_hostile_specs import HOSTILE, quoted

from mlopsctl.diagnostics.model import Severity
from mlopsctl.source.node import Scalar, leaves
from mlopsctl.source.reader import read

SPECS = {
    "great-expectations": spec(*expectations.CHANGES, ("'^c[0-9]+$', mostly", "'^c[0-9]+$', severity: info, mostly")),
    "etiq": spec(*scans.CHANGES),
}
CONTRACT = ("columns", "values")
ONE_ENVIRONMENT = WORKSPACE.replace("    dev: {namespace: ml-dev}\n", "").replace(", promoteFrom: dev", "")


LOCK_OF_PROD = LOCK.partition("  dev:\n")[0] + LOCK[LOCK.index("  prod:\n") :]


def check_leaves(engine: str) -> list[tuple[Any, Scalar]]:
    """Return the texts of a spec that reach its engine's files: those of its checks, and values that columns allow."""
    tree, _ = read(SPECS[engine].encode(), "mlops.yaml")
    text_leaves = [(path, leaf) for path, leaf in leaves(tree) if isinstance(leaf.value, str)]
    return [(path, leaf) for path, leaf in text_leaves if path[1:2] == ("checks",) or set(CONTRACT) <= set(path)]


def replaced(engine: str, leaf: Scalar, text: str) -> str:
    lines = SPECS[engine].split("\n")
    line = lines[leaf.span.line - 1]
    lines[leaf.span.line - 1] = line[: leaf.span.column - 1] + quoted(text) + line[leaf.span.end_column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize("engine", SPECS)
def test_a_hostile_text_is_refused_or_stays_a_value(engine: str) -> None:
    plain, _ = compiled(SPECS[engine], LOCK_OF_PROD, ONE_ENVIRONMENT)
    assert any(f"/{engine}/" in path for path in files(plain))
    leaves_of_engine = check_leaves(engine)
    assert leaves_of_engine
    kept = 0
    for path, leaf in leaves_of_engine:
        for hostile in HOSTILE[::2]:
            rendered, diagnostics = compiled(replaced(engine, leaf, hostile), LOCK_OF_PROD, ONE_ENVIRONMENT)
            if rendered:
                assert shape(rendered) == shape(plain), path
                texts = [text for name, text in files(rendered).items() if f"/{engine}/" in name]
                assert any(json.dumps(hostile, ensure_ascii=True)[1:-1] in text for text in texts), (path, hostile)
                kept += 1
            else:
                assert any(diagnostic.severity is Severity.ERROR and diagnostic.place for diagnostic in diagnostics), (
                    path
                )
    assert kept or engine == "etiq"
