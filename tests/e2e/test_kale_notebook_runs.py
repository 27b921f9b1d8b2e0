"""What is rendered for Kale runs: the notebook's own cells from top to bottom, with the mounts of its PodDefault."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from e2e import rendered
from e2e.pods import Files, Node, Pod

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
for library in ("feast", "deepchecks", "mlflow"):
    pytest.importorskip(library, reason="the steps' libraries are not installed: run `make test`")

WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: quickstart}
spec:
  systems: [mlops.yaml]
  stack:
    pipelines: {engine: kale}
    monitoring: {engine: prometheus, pushgateway: "http://127.0.0.1:9"}
  environments:
    local: {namespace: default}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the quickstart with its data, rendered for Kale."""
    return rendered.example(tmp_path_factory.mktemp("kale") / "quickstart", "quickstart", WORKSPACE)


def database(folder: Path) -> Path:
    return folder / "registry" / "mlflow.db"


def pod(folder: Path) -> Pod:
    """Return a pod with what the webhook would mount."""
    objects = list(rendered.objects(folder))
    maps = {one["metadata"]["name"]: one["data"] for one in objects if one["kind"] == "ConfigMap"}
    (default,) = (one["spec"] for one in objects if one["kind"] == "PodDefault")
    volumes = {one["name"]: one for one in default["volumes"]}
    mounts: dict[str, Files | None] = {}
    for mount in default["volumeMounts"]:
        volume = volumes[mount["name"]]
        mounts[mount["mountPath"]] = maps[volume["configMap"]["name"]] if "configMap" in volume else None
    return Pod(Node(folder.parent / "node", folder, {}), "notebook", mounts)


def program(folder: Path, pipeline: str, mounted: Pod) -> str:
    """Return the notebook's code, with the paths of the cluster where the pod has them."""
    (file,) = (folder / "generated").rglob(f"notebooks/{pipeline}.ipynb")
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    tree = ast.parse("\n\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = mounted.placed(node.value)
    return ast.unparse(tree)


def test_the_cells_train_check_and_register_the_model(folder: Path) -> None:
    mounted = pod(folder)
    surroundings = {
        "PATH": f"{rendered.PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(mounted.inside("/tmp")),
        "MLFLOW_TRACKING_URI": f"sqlite:///{database(folder)}",
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
    (version,) = rendered.registered(database(folder))
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))
