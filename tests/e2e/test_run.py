"""The quickstart on this machine: from raw data to a registered model, again without work, and past every mishap."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.examples import Example, Said, example, running, waited

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
STEPS = ["materialize", "build-dataset", "check-data", "split", "train", "evaluate", "gate", "register", "monitor"]
BEFORE_TRAINING = STEPS[:4]
MAIL = 2 * 1024 * 1024


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return example("quickstart", tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def cold(quickstart: Example) -> Said:
    said = quickstart.verb("run")
    assert said.code == 0, said.out + said.err
    return said


@pytest.fixture
def spec(quickstart: Example, cold: Said) -> Iterator[Path]:
    """Give the spec for a change, and put it back."""
    file = quickstart.home / "mlops.yaml"
    before = file.read_text()
    yield file
    file.write_text(before)


def test_a_first_run_goes_from_data_to_a_registered_model(quickstart: Example, cold: Said) -> None:
    result = quickstart.result()
    assert result["passed"]
    assert list(quickstart.states().items()) == [(name, "done") for name in STEPS]
    assert result["version"] == "1"
    assert result["metrics"]["roc_auc"] > 0.7
    assert set(result["drift"]) == {"visits_7d", "spend_30d", "spend_per_visit"}
    assert all(step["seconds"] > 0 and step["peak"] > 10 * 2**20 for step in result["steps"])
    for words in ("model     churn version 1, alias `champion`", "roc_auc", "mlflow ui --backend-store-uri sqlite:///"):
        assert words in cold.out
    for name in STEPS:
        assert f"✔ {name}" in cold.err
    assert (quickstart.state / "mlflow.db").is_file()
    assert (quickstart.state / ".gitignore").read_text() == "*\n"
    assert not (quickstart.home / "mlruns").exists()


def test_the_report_can_be_mailed_and_read_offline(quickstart: Example, cold: Said) -> None:
    page = (quickstart.state / "report.html").read_text()
    assert len(page.encode()) < MAIL
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?!#)[^"'>\s]""", page)
    assert "@import" not in page and "url(" not in page
    for words in (
        "ROC",
        "Feature importance",
        "Drift of recent rows",
        "Lineage",
        "churn version 1 is registered",
    ):
        assert words in page
    assert page.count("<svg") >= 8


def test_what_was_registered_is_locked_with_its_signature_and_snapshot(quickstart: Example, cold: Said) -> None:
    lock = quickstart.home / "mlops.lock"
    before = lock.read_text(encoding="utf-8")
    said = quickstart.verb("lock", "--upgrade", "churn")
    try:
        assert said.code == 0, said.err
        after = lock.read_text(encoding="utf-8")
        assert "local: model churn@champion " in said.out
        assert f"uri: {quickstart.state.as_uri()}/artifacts/" in after
        assert "snapshot/rows.parquet\n" in after
        assert "inputs: {visits_7d: int64, spend_30d: float64, spend_per_visit: float64, plan: string}\n" in after
        assert quickstart.verb("validate").code == 0
        assert quickstart.verb("lock", "--upgrade", "churn").out == "mlops.lock: nothing to change\n"
    finally:
        lock.write_text(before, encoding="utf-8")


def test_a_second_run_does_nothing_and_says_so(quickstart: Example, cold: Said) -> None:
    said = quickstart.verb("run")
    assert said.code == 0, said.err
    assert set(quickstart.states().values()) == {"reused"}
    assert said.err.count("unchanged, reused") == len(STEPS)
    assert quickstart.result()["version"] == "1"


def test_a_gate_that_does_not_hold_ends_the_run_and_keeps_the_alias(quickstart: Example, spec: Path) -> None:
    quickstart.edited("{min: 0.7, maxDrop: 0.02}", "{min: 0.99}")
    said = quickstart.verb("run")
    assert said.code == 3
    states = quickstart.states()
    assert states["gate"] == "refused"
    assert states["register"] == states["monitor"] == "not reached"
    assert all(states[name] == "reused" for name in BEFORE_TRAINING)
    last = said.err.splitlines()[-1]
    assert last.startswith("full log: ") and last.endswith("gate.log")
    assert "is not registered: spec.checks.gates.roc_auc" in said.err
    assert "is below 0.99" in said.out
    page = (quickstart.state / "report.html").read_text()
    assert "Step gate rejected the model; no version was registered" in page and "is below 0.99" in page


def test_a_gate_that_was_changed_is_held_again_and_the_model_is_not_trained_again(
    quickstart: Example, spec: Path
) -> None:
    quickstart.edited("{min: 0.7, maxDrop: 0.02}", "{min: 0.6, maxDrop: 0.02}")
    said = quickstart.verb("run")
    assert said.code == 0, said.err
    states = quickstart.states()
    assert states["gate"] == "done"
    assert all(states[name] == "reused" for name in (*BEFORE_TRAINING, "train", "evaluate"))
    assert quickstart.result()["version"] == "1", "the same model is not registered twice"


def test_a_killed_run_leaves_no_process_and_the_next_one_goes_on(quickstart: Example, cold: Said) -> None:
    killed = quickstart.started("run", "--from", "train")
    waited(lambda: running(quickstart.home, "train"))
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    waited(lambda: not running(quickstart.home, ""), 20)
    said = quickstart.verb("run")
    assert said.code == 0, said.err
    assert all(quickstart.states()[name] == "reused" for name in BEFORE_TRAINING)
    assert quickstart.result()["version"] == "1"


def test_an_interrupted_run_ends_its_step_and_says_that_the_next_goes_on(quickstart: Example, cold: Said) -> None:
    interrupted = quickstart.started("run", "--from", "train")
    waited(lambda: running(quickstart.home, "train"))
    os.kill(interrupted.pid, signal.SIGINT)
    out, _ = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 130
    assert "the next run continues" in out
    assert not running(quickstart.home, "")


def test_a_second_run_at_the_same_time_is_refused(quickstart: Example, cold: Said) -> None:
    first = quickstart.started("run", "--from", "train")
    waited(lambda: running(quickstart.home, "train"))
    os.kill(first.pid, signal.SIGSTOP)
    try:
        said = quickstart.verb("run")
    finally:
        os.kill(first.pid, signal.SIGCONT)
        first.terminate()
        first.communicate(timeout=60)
    assert said.code == 1
    assert "another run is active" in said.err


def test_a_parameter_of_the_run_trains_another_version(quickstart: Example, cold: Said) -> None:
    said = quickstart.verb("run", "--set", "params.max_iter=40")
    assert said.code == 0, said.err
    states = quickstart.states()
    assert all(states[name] == "reused" for name in BEFORE_TRAINING)
    assert states["train"] == states["register"] == "done"
    assert quickstart.result()["version"] == "2"
    assert "40" in (quickstart.state / "report.html").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("size", ["16k", "1m"])
def test_a_disk_that_is_full_ends_the_run_with_a_word_and_nothing_registered(tmp_path: Path, size: str) -> None:
    """The runner's own files do not fit, then a step's."""
    quickstart = example("quickstart", tmp_path)
    quickstart.state.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(quickstart.state)], check=False
    ).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        said = quickstart.verb("run")
    finally:
        subprocess.run(["umount", str(quickstart.state)], check=True)
    assert said.code == 1, said.out + said.err
    assert "no space left" in said.err
    assert "internal error" not in said.err and "Traceback" not in said.err
    assert "is registered" not in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "bake"), "there is no step `bake`"),
        (("--set", "max_iter=3"), "--set must be params.NAME=VALUE"),
        (("--now", "yesterday"), "--now must be a time"),
        (("--env", "mars"), "there is no environment `mars`"),
        (("nowhere",), "`nowhere` does not exist"),
    ],
)
def test_a_wrong_word_is_told_before_anything_runs(quickstart: Example, words: tuple[str, ...], message: str) -> None:
    said = quickstart.verb("run", *words)
    assert said.code == 2
    assert message in said.err


def test_a_real_data_set_trains_a_regression(tmp_path: Path) -> None:
    diabetes = example("diabetes", tmp_path)
    said = diabetes.verb("run")
    assert said.code == 0, said.out + said.err
    assert diabetes.result()["metrics"]["r2"] > 0.3
    assert "Residuals" in (diabetes.state / "report.html").read_text()
