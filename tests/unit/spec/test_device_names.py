"""Names become files and folders: those that Windows keeps for devices are refused where they are written.

Oracle: the list of reserved names in Python's own `PureWindowsPath.is_reserved`.
"""

from __future__ import annotations

import warnings
from pathlib import PureWindowsPath

import pytest
from pydantic import TypeAdapter, ValidationError

from mlopsctl.spec.words import Name
from mlopsctl.tree.paths import SafePath

DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10)))
NAMES = TypeAdapter(Name)


def reserved(name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return PureWindowsPath(name).is_reserved()


@pytest.mark.parametrize("name", DEVICES)
def test_a_device_name_of_windows_is_refused(name: str) -> None:
    assert reserved(name)
    with pytest.raises(ValidationError, match="device name on Windows"):
        NAMES.validate_python(name)


@pytest.mark.parametrize(
    "name", [*(f"{name}-{number}" for name in DEVICES for number in (0, 12)), "con1", "com10", "aux-a"]
)
def test_a_name_that_only_begins_like_one_can_be_a_file(name: str) -> None:
    assert not reserved(name)
    assert NAMES.validate_python(name) == name
    assert SafePath(f"{name}/{name}.yaml") == f"{name}/{name}.yaml"
