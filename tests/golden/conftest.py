"""Repositories with the examples: one with nothing rendered, and one with the trees as they are rendered here."""

from __future__ import annotations

from pathlib import Path

import pytest
from golden.examples import EXAMPLES, copy_examples, mlopsctl


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with the examples and nothing rendered."""
    return copy_examples(tmp_path)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the examples and their trees, as this Python renders them.

    Tests that compare two renders compare with these trees: the committed ones are one test's.
    """
    root = copy_examples(tmp_path_factory.mktemp("rendered"))
    for example in EXAMPLES:
        done = mlopsctl("render", f"examples/{example}", cwd=root)
        assert done.returncode == 0, done.stderr
    return root
