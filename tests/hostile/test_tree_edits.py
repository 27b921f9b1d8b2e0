"""Whatever somebody does to the committed tree, `render --check` sees it: forged edits of a rendered example, seeded.

Oracle: the edit itself. Each one changes what Git or a GitOps controller would read, so none may pass as clean.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mlopsctl.compiler import check, render
from mlopsctl.project.discovery import read
from mlopsctl.project.files import Disk
from mlopsctl.tree.compare import compare
from mlopsctl.tree.plan import EnvironmentTree
from mlopsctl.tree.write import write

from . import counts

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "payments"
Edit = Callable[[random.Random, Path], None]


@pytest.fixture(scope="module")
def trees() -> dict[str, EnvironmentTree]:
    project = read(Disk(EXAMPLE), EXAMPLE / "workspace.yaml")
    shared, _ = check(project.documents)
    return {
        environment.environment: EnvironmentTree(render(environment), {"inputs": {"a": "1"}}, "1.2.3")
        for environment in shared
    }


def rendered(chance: random.Random, root: Path) -> Path:
    return chance.choice([file for file in sorted(root.rglob("*")) if file.is_file() and file.name != ".mlopsctl.json"])


def folder(chance: random.Random, root: Path, depth: int = 1) -> Path:
    return chance.choice([path for path in sorted(root.rglob("*")) if path.is_dir() and len(path.parts) >= depth])


def change_a_byte(chance: random.Random, root: Path) -> None:
    file = rendered(chance, root)
    data = bytearray(file.read_bytes() or b"x")
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def append(chance: random.Random, root: Path) -> None:
    file = rendered(chance, root)
    file.write_bytes(file.read_bytes() + chance.choice([b"\n", b" ", b"---\n", b"\0"]))


def delete(chance: random.Random, root: Path) -> None:
    rendered(chance, root).unlink()


def swap_two(chance: random.Random, root: Path) -> None:
    first = rendered(chance, root)
    others = [two for two in sorted(root.rglob("*.yaml")) if two.read_bytes() != first.read_bytes()]
    other = chance.choice(others)
    one_data, other_data = first.read_bytes(), other.read_bytes()
    first.write_bytes(other_data)
    other.write_bytes(one_data)


def plant_a_file(chance: random.Random, root: Path) -> None:
    name = chance.choice(["app.yaml", ".hidden", "a b.yaml", "APP.YAML", "x.json", ".mlopsctl.jsons"])
    (folder(chance, root) / name).write_text("kind: Application\n")


def plant_a_folder(chance: random.Random, root: Path) -> None:
    names = ["evil", ".mlopsctl-x", ".mlopsctl-stage-1-0", ".git-x", "Shared", "..."]
    place = chance.choice([root, folder(chance, root)]) / chance.choice(names) / "argocd" / "manifests"
    place.mkdir(parents=True)
    (place / "app.yaml").write_text("kind: Application\n")


def make_executable(chance: random.Random, root: Path) -> None:
    rendered(chance, root).chmod(chance.choice([0o755, 0o744, 0o4644]))


def make_a_link(chance: random.Random, root: Path) -> None:
    file = rendered(chance, root)
    copy = root.parent / f"copy-{root.name}"
    copy.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(copy)


def rename(chance: random.Random, root: Path) -> None:
    first = rendered(chance, root)
    first.rename(first.with_name(f"{first.name}.yaml"))


def forge_the_index(chance: random.Random, root: Path) -> None:
    index = chance.choice(sorted(root.glob("*/.mlopsctl.json")))
    document = json.loads(index.read_text())
    unit = chance.choice(sorted(document["units"]))
    what = chance.randrange(5)
    if what == 0:
        document["units"]["evil"] = {"argocd/manifests/app.yaml": "0" * 64}
    elif what == 1:
        document["units"][unit][chance.choice(sorted(document["units"][unit]))] = "0" * 64
    elif what == 2:
        del document["units"][unit]
    elif what == 3:
        document[chance.choice(["extra", "inputs", "version"])] = "<b>"
    index.write_text(json.dumps(document, sort_keys=True, indent=2 if what == 4 else 1) + "\n")


def empty_folder(chance: random.Random, root: Path) -> None:
    unit = chance.choice([path.parent for path in sorted(root.rglob("*.yaml"))])
    (unit / "empty").mkdir()


EDITS: tuple[Edit, ...] = (
    change_a_byte, append, delete, swap_two, plant_a_file, plant_a_folder, make_executable, make_a_link, rename,
    forge_the_index, empty_folder,
)  # fmt: skip


def test_no_edit_of_the_tree_passes_a_check(trees: dict[str, EnvironmentTree], tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    assert write(sound, trees, durable=False).ok
    assert compare(sound, trees).clean
    passed = []
    tried = counts.times(44)
    for seed in range(tried):
        root = tmp_path / f"tree-{seed}"
        shutil.copytree(sound, root, copy_function=shutil.copy)
        edit = EDITS[seed % len(EDITS)]
        edit(random.Random(seed), root)  # noqa: S311
        if compare(root, trees).clean:
            passed.append((edit.__name__, seed))
        shutil.rmtree(root)
    counts.tell("edits of a rendered tree", tried, f"{len(passed)} passed a check")
    assert passed == []
