"""The digest of a package: every edit of its files is seen, and nothing that Python leaves beside them counts.

The oracle is a comparison of the folders file by file.
"""

from __future__ import annotations

import filecmp
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mlopsctl.runtime.model.package_digest import digest, verify
from mlopsctl.runtime.step_context import StepFailed


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    for name, text in {"MLmodel": "x", "model.pkl": "pickle", "code/own/a.py": "A = 1\n", "code/own/b.py": ""}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def flip(folder: Path, rng: random.Random) -> None:
    file = rng.choice([path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size])
    content = bytearray(file.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    file.write_bytes(content)


def move(folder: Path, rng: random.Random) -> None:
    (folder / "code" / "own" / "a.py").rename(folder / "code" / f"a{rng.randrange(9)}.py")


def add(folder: Path, rng: random.Random) -> None:
    (folder / rng.choice(["code", "code/own", "."]) / "sitecustomize.py").write_text("raise SystemExit\n")


def remove(folder: Path, rng: random.Random) -> None:
    rng.choice([path for path in sorted(folder.rglob("*")) if path.is_file()]).unlink()


def swap(folder: Path, rng: random.Random) -> None:
    del rng
    (folder / "MLmodel").unlink()
    (folder / "MLmodel").symlink_to(folder / "model.pkl")


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("change", [flip, move, add, remove, swap])
def test_a_package_is_not_loaded_after_any_edit(
    package: Path, tmp_path: Path, seed: int, change: Callable[[Path, random.Random], None]
) -> None:
    registered = digest(package)
    copied = tmp_path / "copied"
    shutil.copytree(package, copied)
    verify(copied, registered, "3")
    change(copied, random.Random(seed))  # noqa: S311 - not for secrets
    compared = filecmp.dircmp(package, copied)
    assert compared.left_list != compared.right_list or digest(copied) != registered
    with pytest.raises(StepFailed, match="version 3 differs from the registered one: it is not loaded"):
        verify(copied, registered, "3")


def test_compiled_code_beside_a_package_is_not_run(package: Path) -> None:
    registered = digest(package)
    cache = package / "code" / "own" / "__pycache__"
    cache.mkdir()
    (cache / "a.cpython-311.pyc").write_bytes(b"somebody's")
    assert digest(package) == registered
    verify(package, registered, "3")
    assert not cache.exists()


def test_a_version_older_than_digests_is_loaded(package: Path) -> None:
    verify(package, None, "3")
