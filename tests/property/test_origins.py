"""The map tells the truth: what an edit changes, the place that was edited says it reaches.

Every value of an example's specs, workspace and lock is changed to another that is allowed; the files that then differ
must all be among those that the value's place is said to have a part in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from blueprints import EXAMPLES
from hostile import counts
from msgspec.structs import replace
from spec_edits import edits, without

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.provenance.paths import SpecPath, owner_of
from mlopsctl.compiler import check, render, render_with_origins
from mlopsctl.diagnostics.model import has_errors
from mlopsctl.explain.pieces import pieces
from mlopsctl.project.discovery import load
from mlopsctl.resolve.documents import Documents

Name = tuple[str, str, str]
LEAST = {"payments-unsigned": 150, "demand-forecast": 90, "quickstart": 45, "diabetes": 50, "alternatives": 60}
"""So many values at least can be changed to something that is allowed and makes a difference."""


def documents(example: str) -> Documents:
    """Read an example; without signatures in its lock, the types of features may change, too."""
    documents = load(str(EXAMPLES / example.removesuffix("-unsigned"))).documents
    if example.endswith("-unsigned") and documents.lock:
        return replace(documents, lock=documents.lock._replace(node=without(documents.lock.node, "signature")))
    return documents


def files(shared: tuple[Shared, ...]) -> dict[Name, str]:
    return {
        (environment.environment, unit, file.path): str(file.content)
        for environment in shared
        for unit, rendered_files in render(environment).items()
        for file in rendered_files
    }


@cache
def reach(example: str) -> Mapping[Name, frozenset[SpecPath]]:
    """Return what each file comes from."""
    paths_by_file = {}
    for shared in check(documents(example))[0]:
        for unit, rendered_files in render_with_origins(shared).items():
            owner = owner_of(unit, shared)
            for file in rendered_files:
                paths = frozenset(path for piece in pieces(file.content, owner) for path in piece.origins)
                paths_by_file[shared.environment, unit, str(file.path)] = paths
    return paths_by_file


@pytest.mark.parametrize("example", LEAST)
def test_what_an_edit_changes_is_what_its_place_is_said_to_reach(example: str) -> None:
    known = reach(example)
    before = files(check(documents(example))[0])
    assert before.keys() == known.keys()
    tried, wrong = 0, []
    for candidates in edits(documents(example)):
        for edit in candidates:
            shared, diagnostics = check(edit.documents)
            after = files(shared) if not has_errors(diagnostics) else before
            changed = {name for name in before if before[name] != after.get(name)}
            if changed:
                tried += 1
                said = {name for name, paths in known.items() if any(edit.where.meets(path) for path in paths)}
                wrong += [f"{edit.where}: {edit.old} -> {edit.new}: {'/'.join(name)}" for name in changed - said]
                break
    counts.tell(f"edits traced to rendered files, {example}", tried, f"{len(wrong)} reached a file that was not said")
    assert wrong == []
    assert tried >= LEAST[example]


@pytest.mark.parametrize("example", ["payments-unsigned", "quickstart"])
def test_a_place_does_not_claim_the_whole_tree(example: str) -> None:
    """A map that says that everything reaches everything would be true as well."""
    known = reach(example)
    system = "card-fraud" if example.startswith("payments") else "quickstart"
    for dotted in ("checks.live.window", "model.retrain.onDrift", "alerts.routes"):
        place = SpecPath(system, ("spec", *dotted.split(".")))
        said = [name for name, paths in known.items() if any(place.meets(path) for path in paths)]
        assert len(said) < len(known) / 2, dotted
