"""No text of a user's changes the shape of a module."""

from __future__ import annotations

import ast
from functools import lru_cache

from hypothesis import given
from msgspec.structs import replace
from unit.emit.hostile_text import texts as hostile
from unit.engines.feast.sample import shared, texts

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.engines.feast import target


def shape(source: str) -> str:
    """Return a module's tree with every text but names made the same; a docstring may be absent."""
    tree = ast.parse(source)
    if isinstance(tree.body[0], ast.Expr):
        tree.body.pop(0)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def described(blueprint: Blueprint, text: str) -> Blueprint:
    """Return the system with a text wherever a person may write one."""
    assert blueprint.features
    features = blueprint.features
    tags = {"note": text, text: "note"}
    sources = tuple(
        replace(
            source,
            description=text,
            tags=tags,
            columns=tuple(replace(column, description=text) for column in source.columns),
        )
        for source in features.sources
    )
    return replace(
        blueprint,
        identity=replace(blueprint.identity, description=text, owner=text),
        features=replace(
            features,
            entities=tuple(replace(entity, description=text) for entity in features.entities),
            sources=sources,
            views=tuple(replace(view, description=text, tags=tags) for view in features.views),
            transforms=tuple(replace(each, description=text) for each in features.transforms),
            sets=tuple(replace(each, description=text) for each in features.sets),
        ),
    )


@lru_cache(maxsize=1)
def plain() -> Shared:
    return shared()


@lru_cache(maxsize=1)
def shapes() -> dict[str, str]:
    return modules(plain(), "x")


def modules(what: Shared, text: str) -> dict[str, str]:
    changed = replace(what, systems=tuple(described(system, text) for system in what.systems))
    return {
        path: shape(source) for path, source in texts(target.render_shared(changed)).items() if path.endswith(".py")
    }


@given(hostile.filter(lambda text: text not in ("", "note", "system", "tier")))
def test_a_hostile_text_is_only_ever_a_text(text: str) -> None:
    assert modules(plain(), text) == shapes()


@given(hostile.filter(bool))
def test_a_hostile_query_is_only_ever_a_text(query: str) -> None:
    features = plain().systems[0].features
    assert features
    source = replace(features.sources[0], type="bigquery", path=None, query=query)
    changed = replace(plain().systems[0], features=replace(features, sources=(source,)))
    what = replace(plain(), systems=(changed, *plain().systems[1:]))
    tree = ast.parse(texts(target.render_shared(what))["repo/card_fraud_features.py"])

    queries = [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "query"
    ]
    assert [ast.literal_eval(value) for value in queries] == [query]
