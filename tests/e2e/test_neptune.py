"""The steps from rows to a registered model where Neptune is the registry, with its real clients offline."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conformance.test_neptune import kept
from e2e.system import Ran, System, make
from e2e.test_steps import chain
from libraries import ROOT
from msgspec.structs import replace
from unit.engines.neptune.sample import engine

from mlopsctl.blueprint import codec
from mlopsctl.spec.texts import parse_version

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
ROWS, MODEL = ("build-dataset", "split"), ("train", "evaluate", "gate", "register")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    system = make(tmp_path_factory.mktemp("neptune"))
    chain(system, "run", ROWS)
    return system


@pytest.fixture
def ran(system: System, neptune: tuple[str, Path], tmp_path: Path) -> dict[str, Ran]:
    """Train and register; the client's packages stand behind those of the steps, as in one image."""
    generation, python = neptune
    blueprint = system.blueprint
    engines = replace(blueprint.engines, registry=engine(generation))
    file = tmp_path / "blueprint.json"
    file.write_text(codec.dumps(replace(blueprint, engines=engines)))
    packages = next((python.parent.parent / "lib").glob("python*/site-packages"))
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.path.append({str(packages)!a})\n")
    environ = {"NEPTUNE_MODE": "offline", "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    more = ("--work", str(tmp_path / "work"))
    return chain(system, "run", MODEL, blueprint=file, environ=environ, more=more)


def test_a_chain_ends_with_a_run_that_is_named_a_version(system: System, ran: dict[str, Ran], tmp_path: Path) -> None:
    run = ran["train"].parameter("run-id")
    records = kept(tmp_path / "work" / "neptune")

    assert ran["register"].parameter("version") == run
    assert parse_version(run) == run  # mlops.lock takes it
    words = ("roc_auc", "training_rows", "mlopsctl.signature", "mlopsctl.dataset-hash")
    assert all(word in records for word in (*words, "package", "snapshot", "registered_name", "champion"))
    assert "no version is served yet" in ran["evaluate"].said
    assert not (system.folder / ".neptune").exists()
    assert [path.name for path in (system.folder / ".mlops").iterdir()] == ["csv"]  # no run of another registry
