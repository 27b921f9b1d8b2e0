"""What modules import, read from their text. The oracle is Python's own importer, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from mlopsctl.runtime.local.imports import Imports

LINES = (
    "import churn.features",
    "import churn.nothing",
    "import json, nowhere_at_all",
    "from churn import features",
    "from churn import nothing",
    "from churn.features import spend",
    "from churn.features import spnd",
    "from . import features",
    "from .features import spend, Kind, LIMIT",
    "from .deep.er import thing",
    "from .deep.er import nothing",
    "from ..churn import features",
    "from xml.dom import minidom",
    "try:\n    import nowhere_at_all\nexcept ImportError:\n    pass",
    "if False:\n    import nowhere_at_all",
    "def later():\n    import nowhere_at_all",
    "class Inner:\n    import churn.nothing",
    "from churn.every import *",
    "from churn.every import anything",
    "from churn.lazy import computed",
    "import helpers",
    "import helpers.inner",
    "def broken(:\n    pass",
)
LOADED = """
import sys
print(*(module.__file__ for name, module in sys.modules.items() if name.partition(".")[0] in ("pack", "beside")))
"""
BESIDE = {
    "churn/__init__.py": "",
    "churn/features.py": "LIMIT: int = 3\nclass Kind: ...\nif LIMIT:\n    def spend(): ...\nelse:\n    spend = None\n",
    "churn/deep/er.py": "(thing, *rest), other = (1, 2), 3\n",
    "churn/every.py": "from churn.features import *\nanything = 1\n",
    "churn/lazy.py": "def __getattr__(name): return name\n",
    "helpers/module.py": "",
}


def python(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=False)


def written(home: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.mark.parametrize("line", LINES)
def test_a_fault_is_what_python_itself_cannot_import(tmp_path: Path, line: str) -> None:
    written(tmp_path, {**BESIDE, "churn/train.py": f"{line}\ndef train(): ...\n"})
    done = python(tmp_path, "from churn.train import train")
    assert bool(list(Imports(tmp_path).faults("churn.train:train"))) == bool(done.returncode), done.stderr


@pytest.mark.parametrize("function", ["churn.train:train", "churn.train:other", "churn:train", "chrn.train:train"])
def test_a_function_is_there_where_python_finds_it(tmp_path: Path, function: str) -> None:
    written(tmp_path, {**BESIDE, "churn/train.py": "def train(): ...\n"})
    module, _, name = function.partition(":")
    done = python(tmp_path, f"from {module} import {name}")
    faults = list(Imports(tmp_path).faults(function))
    # A submodule is no function of its package, but Python imports it like a name.
    assert bool(faults) == bool(done.returncode) or function == "churn:train"


def test_every_file_that_python_loads_is_reached(tmp_path: Path) -> None:
    names = "abcdef"
    texts = dict.fromkeys(names, "")
    for start, end in product(names, names):
        if (ord(start) * 7 + ord(end) * 3) % 5 == 0:
            texts[start] += f"try:\n    from pack.{end} import value\nexcept ImportError:\n    pass\n"
    files = {f"pack/{name}.py": f"{text}value = 1\n" for name, text in texts.items()}
    written(tmp_path, {"pack/__init__.py": "import beside\n", "beside.py": "", **files})
    for name in names:
        loaded = {Path(file) for file in python(tmp_path, f"import pack.{name}\n{LOADED}").stdout.split()}
        reached = Imports(tmp_path).reached([f"pack.{name}"])
        assert not reached.open and reached.files == loaded


def test_an_import_by_a_computed_name_leaves_it_open_what_is_reached(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": "import importlib\nimportlib.import_module('b')\n", "b.py": ""})
    assert Imports(tmp_path).reached(["a"]).open
    assert not Imports(tmp_path).reached(["b"]).open


def test_a_fault_says_file_and_line(tmp_path: Path) -> None:
    written(tmp_path, {**BESIDE, "churn/train.py": "\nimport nowhere_at_all\ndef train(): ...\n"})
    assert list(Imports(tmp_path).faults("churn.train:train")) == [
        "churn/train.py:2 imports `nowhere_at_all`, which is not installed"
    ]
