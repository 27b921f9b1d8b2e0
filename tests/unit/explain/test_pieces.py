"""What the lines of the examples' trees are about: each something, from places that exist, in numbers that hold."""

from __future__ import annotations

import re
from functools import cache

import pytest
from blueprints import EXAMPLES
from environments import ENVIRONMENTS

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.provenance.paths import LOCK, WORKSPACE, SpecPath, owner_of
from mlopsctl.blueprint.provenance.paths import documents as origin_documents
from mlopsctl.blueprint.provenance.reasons import Reason
from mlopsctl.compiler import check, render, render_with_origins
from mlopsctl.explain import text as answers
from mlopsctl.explain.pieces import Piece, about_line, pieces
from mlopsctl.explain.places import Places
from mlopsctl.project.discovery import load
from mlopsctl.resolve.documents import Documents

TREES = [*ENVIRONMENTS, ("diabetes", "local")]


@cache
def documents(example: str) -> Documents:
    return load(str(EXAMPLES / example)).documents


@cache
def tree(example: str, environment: str) -> dict[str, tuple[str, tuple[Piece, ...]]]:
    """Return every file of an environment with its text and its pieces."""
    shared = check(documents(example), (environment,))[0][0]
    return {
        f"{unit}/{file.path}": (file.content, tuple(pieces(file.content, owner_of(unit, shared))))
        for unit, files in render_with_origins(shared).items()
        for file in files
    }


@pytest.mark.parametrize(("example", "environment"), TREES)
def test_every_line_of_every_file_is_about_something(example: str, environment: str) -> None:
    for name, (text, located) in tree(example, environment).items():
        lines = {line for piece in located for line in range(piece.first, piece.last + 1)}
        silent = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() and n not in lines]
        assert silent == [], f"{name}: say what the file is about (`about=`)"


@pytest.mark.parametrize(("example", "environment"), TREES)
def test_asking_changes_no_byte(example: str, environment: str) -> None:
    shared = check(documents(example), (environment,))[0][0]
    assert render(shared) == render_with_origins(shared)


@pytest.mark.parametrize(("example", "environment"), TREES)
def test_every_place_is_one_of_a_document_or_of_the_language(example: str, environment: str) -> None:
    places = Places(documents(example), environment)
    paths = {path for _, located in tree(example, environment).values() for piece in located for path in _all(piece)}
    assert len(paths) > 40
    absent = {name for name in (WORKSPACE, LOCK) if name not in places.documents}
    wrong = {str(path): why for path in paths if path.document not in absent and (why := places.unknown(path))}
    assert wrong == {}


@pytest.mark.parametrize(("example", "environment"), TREES)
def test_a_unit_comes_from_no_other_document_than_it_may(example: str, environment: str) -> None:
    for _, located in tree(example, environment).values():
        for piece in located:
            assert {path.document for path in _all(piece)} <= origin_documents(piece.owner)


def _all(piece: Piece) -> list[SpecPath]:
    return [*piece.origins, *(path for why in piece.reasons for path in why.paths)]


@pytest.mark.parametrize(("example", "environment"), TREES)
def test_the_number_in_a_sentence_is_the_one_in_the_file(example: str, environment: str) -> None:
    """A number must stand in a line that is about its thing, or where a target has no word for it in the Blueprint."""
    answered: dict[tuple[str, str, Reason], bool] = {}
    for text, located in tree(example, environment).values():
        lines = text.split("\n")
        for piece in located:
            own = lines[piece.first - 1 : piece.last]
            for why in piece.reasons:
                key = (piece.kind, piece.name, why)
                answered[key] = answered.get(key, False) or any(
                    answers.contains_number(v, line) for v in why.values for line in own
                )
    assert len(answered) > 5
    decided = "\n".join(codec.dumps(system) for system in check(documents(example), (environment,))[0][0].systems)
    absent = [(kind, name, why) for (kind, name, why), there in answered.items() if not there]
    assert [entry for entry in absent if not any(f'"{value}"' in decided for value in entry[2].values)] == []
    spelt = [[value.split(": ")[-1].strip('"') for value in why.values] for _, _, why in answered]
    assert all(any(v in why.sentence for v in values) for values, (_, _, why) in zip(spelt, answered, strict=True))


def test_the_narrowest_piece_comes_first() -> None:
    text, located = tree("payments", "prod")["card-fraud/prometheus/rules/rules.yaml"]
    line = next(n for n, each in enumerate(text.split("\n"), 1) if "CardFraudCardActivityStale" in each)
    narrow, wide = about_line(text, line, located[0].owner)
    assert (narrow.kind, narrow.name) == ("alert", "CardFraudCardActivityStale")
    assert (wide.kind, wide.name) == ("engine", "prometheus-operator")


def test_a_line_of_the_blueprint_is_about_the_part_of_it_that_it_shows() -> None:
    text, located = tree("payments", "prod")["card-fraud/argo-workflows/manifests/blueprint.yaml"]
    lines = text.split("\n")
    shown = {}
    for number, line in enumerate(lines, 1):
        if line.strip() in ('"ttl": 7200,', '"cron": "0 3 * * 1",', '"spec_name": "fraud-scorer",'):
            narrow = about_line(text, number, located[0].owner)[0]
            assert number in range(narrow.first, narrow.last + 1)
            shown.setdefault(line.strip(), (narrow.kind, narrow.name))
    assert shown == {
        '"ttl": 7200,': ("feature view", "card_activity"),
        '"cron": "0 3 * * 1",': ("schedule", "card-fraud-train"),
        '"spec_name": "fraud-scorer",': ("endpoint", "card-fraud-fraud-scorer"),
    }
    assert about_line(text, 1, located[0].owner)[0].kind == "everything decided about"


OWN = {
    r"- alert: (\w+)$": "alert",
    r"- record: ()": "objective|alert",
    r"^    - name: ((?:build-dataset|train|gate|register|monitor|materialize|shift-to-\d+))$": "step",
    r'^    name="(\w+)",$': "feature view|feature set|transform|source|entity",
    r'^      "title": "(merchant_risk|card_activity)",$': "alert",
}
"""What has a piece of its own: how its line looks, and the kind of piece that it must be about first."""


@pytest.mark.parametrize("pattern", OWN)
def test_a_thing_has_a_piece_of_its_own(pattern: str) -> None:
    seen = 0
    for text, located in tree("payments", "prod").values():
        for number, line in enumerate(text.split("\n"), 1):
            if named := re.search(pattern, line):
                narrow = about_line(text, number, located[0].owner)[0]
                seen += 1
                assert narrow.kind in OWN[pattern].split("|"), f"line {number}: {line}"
                assert named[1] in narrow.name or narrow.name in named[1] or OWN[pattern] == "alert"
    assert seen > 1
