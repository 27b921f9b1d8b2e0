"""The lineage graph of a model: sources, views, the set, the model, its endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import FeatureSet, Transform
from mlopsctl.runtime.report.plots import label, svg

_WIDTH, _HEIGHT, _ACROSS, _DOWN = 150, 40, 44, 14


class Node(NamedTuple):
    """A node, identified by `kind` and `name`; `note` is a second line."""

    kind: str
    name: str
    note: str = ""


class Graph(NamedTuple):
    """Nodes in columns from the left, and their edges."""

    columns: tuple[tuple[Node, ...], ...]
    edges: tuple[tuple[Node, Node], ...]


def graph(blueprint: Blueprint, version: str) -> Graph:
    """Build the graph from the model's sources to its endpoints."""
    model, features = blueprint.model, blueprint.features
    if model is None or features is None:
        return Graph((), ())
    chosen = next(feature_set for feature_set in features.sets if feature_set.name == model.features)
    transforms = [transform for transform in features.transforms if transform.name in chosen.transforms]
    end = Node("model", model.registered_name, f"version {version}" if version else "not registered")
    middle = Node("feature set", chosen.name, f"{len(chosen.fields) + len(chosen.model_request)} inputs")
    edges = [*_into_set(blueprint, chosen, transforms, middle), (middle, end)]
    rows = Node("source", model.label.rows.name, f"label {model.label.name}")
    edges.append((rows, middle))
    edges += [
        (end, Node("endpoint", endpoint.spec_name, endpoint.features or "plain inputs"))
        for endpoint in blueprint.endpoints
    ]
    edges += [(end, Node("endpoint", name, "not locked yet")) for name in blueprint.left_out]
    return Graph(_columns(edges), tuple(edges))


def _into_set(
    blueprint: Blueprint, chosen: FeatureSet, transforms: list[Transform], middle: Node
) -> Iterator[tuple[Node, Node]]:
    """Yield the edges towards the set: sources to views, views to transforms, both to the set."""
    sources = {view.name: view.source for view in blueprint.features.views} if blueprint.features else {}
    label_source = blueprint.model.label.rows.name if blueprint.model else ""
    views = {}
    for lookup in chosen.lookups:
        note = lookup.system if lookup.system != blueprint.identity.system else ""
        views[lookup.name] = Node("view", lookup.name, note or f"by {lookup.key}")
        if lookup.name in sources and sources[lookup.name] != label_source:
            yield Node("source", sources[lookup.name]), views[lookup.name]
    used = set()
    for transform in transforms:
        transform_node = Node("transform", transform.name, transform.function)
        for name in dict.fromkeys(input_.view for input_ in transform.inputs if input_.view in views):
            yield views[str(name)], transform_node
            used.add(name)
        yield transform_node, middle
    direct = {field.producer for field in chosen.fields if not field.computed}
    for name, node in views.items():
        if name in direct or name not in used:
            yield node, middle


_ORDER = ("source", "view", "transform", "feature set", "model", "endpoint")


def _columns(edges: list[tuple[Node, Node]]) -> tuple[tuple[Node, ...], ...]:
    nodes = list(dict.fromkeys(node for edge in edges for node in edge))
    groups = (tuple(node for node in nodes if node.kind == kind) for kind in _ORDER)
    return tuple(column for column in groups if column)


def drawing(graph: Graph) -> Element:
    """Draw the columns from left to right, edges behind them."""
    # One row more than the tallest column: edges that skip columns run below the nodes in between.
    tallest = max((len(column) for column in graph.columns), default=0) + 1
    height = tallest * (_HEIGHT + _DOWN) + _DOWN
    picture = svg(len(graph.columns) * (_WIDTH + _ACROSS) - _ACROSS + 4, height, "where the model comes from")
    places = {}
    for i, column in enumerate(graph.columns):
        free = height - len(column) * (_HEIGHT + _DOWN) + _DOWN
        for j, node in enumerate(column):
            lowest = i == 0 and j > 0 and j == len(column) - 1
            y = height - _HEIGHT - _DOWN if lowest else free / 2 + j * (_HEIGHT + _DOWN) - (_DOWN if i == 0 else 0)
            places[node] = (2 + i * (_WIDTH + _ACROSS), y)
    for start, end in graph.edges:
        _edge(picture, places[start], places[end])
    for node, (x, y) in places.items():
        _node(picture, node, x, y)
    return picture


def _edge(picture: Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    x, y = start[0] + _WIDTH, start[1] + _HEIGHT / 2
    to, down = end[0], end[1] + _HEIGHT / 2
    half = (x + to) / 2
    path = f"M {x:.1f} {y:.1f} C {half:.1f} {y:.1f} {half:.1f} {down:.1f} {to:.1f} {down:.1f}"
    SubElement(picture, "path", {"d": path, "class": "edge"})


def _node(picture: Element, node: Node, x: float, y: float) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{_WIDTH}", "height": f"{_HEIGHT}", "rx": "5"}
    SubElement(picture, "rect", place | {"class": f"node {node.kind.replace(' ', '-')}"})
    label(picture, x + 9, y + 17, _fitting(node.name), "name")
    label(picture, x + 9, y + 32, _fitting(f"{node.kind}{f' · {node.note}' if node.note else ''}"), "tick")


def _fitting(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
