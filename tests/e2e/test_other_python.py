"""The steps on the other of the two Pythons that they support: from data to a registered model."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from e2e.examples import example

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]


def test_the_steps_run_on_the_other_python_too(tmp_path: Path, other_python: Path) -> None:
    quickstart = replace(example("quickstart", tmp_path), python=str(other_python))
    said = quickstart.verb("run")
    assert said.code == 0, said.out + said.err
    assert quickstart.result()["version"] == "1"
    logged = (quickstart.state / "artifacts").glob("*/artifacts/model/MLmodel")
    assert f"python_version: {'3.11' if sys.version_info >= (3, 12) else '3.12'}" in next(logged).read_text()
