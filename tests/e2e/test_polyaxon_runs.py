"""What is rendered for Polyaxon runs: each operation's own container, its files through the artifacts store."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from e2e import rendered
from e2e.pods import Node
from e2e.polyaxon import Agent, Run

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
    pipelines: {engine: polyaxon}
    monitoring: {engine: prometheus, pushgateway: "http://127.0.0.1:9"}
  environments:
    local: {namespace: default}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the quickstart with its data, rendered for Polyaxon."""
    home = tmp_path_factory.mktemp("polyaxon") / "quickstart"
    # Polyaxon tells nobody of a failed run, so an alert on it is refused.
    return rendered.example(home, "quickstart", WORKSPACE, "    training: {failed: ticket, overdue: ticket}\n")


def database(folder: Path) -> Path:
    return folder / "registry" / "mlflow.db"


def agent(folder: Path, pipeline: str) -> Agent:
    """Return an agent that was given one component."""
    (file,) = (folder / "generated").rglob(f"components/{pipeline}.yaml")
    node = Node(
        folder=folder.parent / "node",
        image=folder,
        programs={"mlopsctl": [str(rendered.PROGRAM)]},
        environ={"MLFLOW_TRACKING_URI": f"sqlite:///{database(folder)}"},
    )
    component = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Agent(component, rendered.objects(folder), node, folder.parent / "store")


@pytest.fixture(scope="module")
def trained(folder: Path) -> Run:
    """Train with the component's own inputs, but for one."""
    return agent(folder, "quickstart-train").run("train-1", {"git_commit": "0123456789abcdef"})


def told(run: Run) -> str:
    """Say how a run went, for a test that fails."""
    lines = [f"{name}: {one.status}" for name, one in run.operations.items()]
    failed = [one.attempts[-1].text for one in run.operations.values() if one.status == "failed"]
    return "\n".join([*lines, *failed])


def test_every_operation_runs_and_the_model_is_registered(folder: Path, trained: Run) -> None:
    assert trained.status == "succeeded", told(trained)
    assert list(trained.operations)[-1] == "register"
    assert all(len(one.attempts) == 1 for one in trained.operations.values())

    (version,) = rendered.registered(database(folder))
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))


def test_an_input_and_a_text_that_a_step_left_reach_the_step_that_asks_for_them(folder: Path, trained: Run) -> None:
    (version,) = rendered.registered(database(folder))
    left = trained.operations["build-dataset"].outputs / "parameters" / "dataset-hash"

    assert "0123456789abcdef" in version.tags.values()
    assert left.read_text() in version.tags.values()


def test_the_other_components_run_though_nobody_takes_their_numbers(folder: Path, trained: Run) -> None:
    rendered.settle(folder, "churn@champion", rendered.registered(database(folder))[0])
    for pipeline, params in (("quickstart-materialize", {"mode": "full"}), ("quickstart-monitor", {})):
        run = agent(folder, pipeline).run(f"{pipeline}-1", params)
        assert run.status == "succeeded", told(run)
