"""Which commit a registered version is tagged with."""

from __future__ import annotations

from pathlib import Path

import pytest
from blueprints import card_fraud
from unit.runtime.doubles import call_of

from mlopsctl.runtime.steps.register import commit


@pytest.mark.parametrize(
    ("parameter", "of_image", "expected"),
    [("abc", "def", "abc"), ("", "def", "def"), (None, "def", "def"), ("", None, "")],
)
def test_a_run_without_a_commit_has_that_of_its_image(
    tmp_path: Path, parameter: str | None, of_image: str | None, expected: str
) -> None:
    parameters = {} if parameter is None else {"git-commit": parameter}
    environ = {} if of_image is None else {"MLOPSCTL_GIT_COMMIT": of_image}
    step_context, _ = call_of(card_fraud(), tmp_path, "register", parameters=parameters, environ=environ)
    assert commit(step_context) == expected
