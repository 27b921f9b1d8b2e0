"""The catalogue of checks against the installed library, read and run anew."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "mlopsctl/engines/deepchecks/data/deepchecks-0.19.1.json"
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        importlib.util.find_spec("deepchecks") is None, reason="deepchecks is not installed: run `make test`"
    ),
]


def test_the_catalogue_of_checks_says_what_the_installed_library_says_and_does() -> None:
    # A process of its own: the library needs names put back into numpy, which no other test should see.
    read = subprocess.run(
        [sys.executable, HERE / "introspect_deepchecks.py"], capture_output=True, text=True, check=False
    )

    assert read.returncode == 0, read.stderr[-2000:]
    introspected, known = json.loads(read.stdout), json.loads(CATALOGUE.read_text(encoding="utf-8"))
    assert introspected["version"] == known["version"]
    assert introspected["suites"] == known["suites"]
    assert introspected["checks"].keys() == known["checks"].keys()
    for name, check in introspected["checks"].items():
        assert check == known["checks"][name], name
