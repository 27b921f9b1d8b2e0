"""Projects changed at random: whatever they become, they are reported or fine, and never crash the tool."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml
from projects import LOCK, SPEC, WORKSPACE, checked

from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.diagnostics.render.formats import FINDINGS, Page

WEIRD: list[Any] = [
    None, True, 0, -1, 10**18, 0.1, 1e300, "", "x", "Card_Fraud", "a.b", "${vars.x}", "${", "{{x}}", "30m", "0s", "99%",
    "0%",
    "* * * * *", "0 0 30 2 *", "UTC", "up{", "rate(up[5m])", "\u202ex", "é" * 10, "x" * 300, [], {}, [1], ["a", "a"],
    {"a": 1}, {"type": "parquet"}, [[[[]]]], "card-fraud:card_activity.txn_count_1h", "others:a.b", "canary", "s3://x/y",
    "ghcr.io/a/b:1", "class", "spec", "shared", {"engine": "kserve"}, {"engine": "kfp"},
    {"engine": "seldon", "version": "1"},
]  # fmt: skip
FILES = ("spec", "workspace", "lock")


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def mutate(chance: random.Random, documents: dict[str, Any]) -> None:
    """Take out, replace, rename, copy or add one thing."""
    document = documents[chance.choice(FILES)]
    places = list(paths(document))
    if not places:
        return
    path = chance.choice(places)
    parent, key = at(document, path[:-1]), path[-1]
    new = deepcopy(chance.choice([chance.choice(WEIRD), at(document, chance.choice(places))]))
    deed = chance.randrange(5)
    if deed == 0:
        del parent[key]
    elif deed == 1:
        parent[key] = new
    elif isinstance(parent, list):
        parent.append(new)
    elif deed == 2:
        parent[str(chance.choice(WEIRD))] = parent.pop(key)
    elif deed == 3:
        parent[f"{key}x"] = parent.pop(key)
    else:
        parent[str(chance.choice(WEIRD))] = new


@pytest.mark.parametrize("seed", range(150))
def test_a_project_changed_at_random_is_reported_and_never_crashes_the_tool(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same changes in every run
    documents = {name: yaml.safe_load(text) for name, text in zip(FILES, (SPEC, WORKSPACE, LOCK), strict=True)}
    for _ in range(chance.choice([1, 1, 2, 4, 12])):
        mutate(chance, documents)
    written = {name: yaml.safe_dump(document, allow_unicode=True) for name, document in documents.items()}
    diagnostics = checked(written["spec"], workspace=written["workspace"], lock=written["lock"]).diagnostics
    document = json_format.document(diagnostics)
    assert len(FINDINGS["text"](document, Page())) < 200_000
    for render in FINDINGS.values():
        render(document, Page(version="1"))
    for diagnostic in diagnostics:
        assert diagnostic.message and diagnostic.code
        assert "mlc_" not in diagnostic.message and "pydantic" not in diagnostic.message.lower()
