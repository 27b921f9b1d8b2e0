"""The same values give the same bytes, whatever the interpreter and its surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample.py")


def sample(python: str | Path, **environment: str) -> str:
    result = subprocess.run(
        [python, SAMPLE], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return result.stdout


def test_neither_hash_seed_nor_locale_changes_a_byte():
    first = sample(sys.executable, PYTHONHASHSEED="0", LC_ALL="C")
    assert sample(sys.executable, PYTHONHASHSEED="1", LC_ALL="C.UTF-8") == first
    assert sample(sys.executable, PYTHONHASHSEED="random", LC_ALL="tr_TR.UTF-8", PYTHONOPTIMIZE="2") == first


@pytest.mark.pythons
def test_other_pythons_write_the_same_bytes(pythons):
    samples = {version: sample(python) for version, python in pythons.items()}
    assert samples == dict.fromkeys(samples, sample(sys.executable))
