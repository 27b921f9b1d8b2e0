"""A run that forks its steps and one that starts them: the same outputs, and steps that are as alone as before."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from e2e.examples import ROOT, Example, example, running

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="steps are forked on Linux only"),
]
PROBE = """\
import atexit, json, logging, os, signal, sys, warnings


def state():
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    options = pandas._config.config._registered_options if pandas else ()
    return {
        "modules": sorted(sys.modules),
        "environ": {name: text for name, text in os.environ.items() if name not in KEPT},
        "path": sys.path, "argv": [word for word in sys.argv[1:] if not word.startswith(("run-id", "dataset-hash"))],
        "cwd": os.getcwd(),
        "alone": os.getsid(0) == os.getpgid(0) == os.getpid(), "input": os.readlink("/proc/self/fd/0"),
        "signals": {one.name: type(signal.getsignal(one)).__name__ for one in signal.Signals},
        "warnings": sorted(str(one) for one in warnings.filters),
        "logging": [logging.root.manager.disable, logging.root.level, len(logging.root.handlers)],
        "finders": [getattr(one, "__name__", type(one).__name__) for one in sys.meta_path],
        "numpy": [str(numpy.geterr()), hasattr(numpy, "Inf")] if numpy else [],
        "pandas": [f"{name} {pandas.get_option(name)}" for name in options if not name.startswith("plotting")],
    }


def tell():
    if sys.argv[1:2] == ["step"]:
        with open(os.path.join(os.environ["PROBE"], sys.argv[2] + ".json"), "w") as file:
            json.dump(state(), file)


KEPT = ("PROBE", "MLOPSCTL_FRESH_STEPS", "PROMETHEUS_MULTIPROC_DIR", "PROMETHEUS_MULTIPROCESS_DIR")
if os.environ.get("PROBE"):
    atexit.register(tell)
"""
OURS = ("mlopsctl.runtime.local",)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Example, dict[str, Any]]]]:
    """Run the quickstart both ways in one place, for paths are part of what is compared."""
    folder = tmp_path_factory.mktemp("forked")
    quickstart = example("quickstart", folder)
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(PROBE)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    runs_by_way: dict[str, tuple[Example, dict[str, Any]]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder / "site"), str(ROOT)]))
        patch.setenv("TMPDIR", str(folder))
        for way, fresh in (("started", "1"), ("forked", "")):
            (folder / way).mkdir()
            patch.setenv("PROBE", str(folder / way))
            patch.setenv("MLOPSCTL_FRESH_STEPS", fresh)
            said = quickstart.verb("run", "--now", now)
            assert said.code == 0, said.out + said.err
            assert not running(quickstart.home, "")
            state = {file.stem: json.loads(file.read_text()) for file in (folder / way).iterdir()}
            quickstart.state.rename(folder / f"{way}-state")
            runs_by_way[way] = Example(folder / f"{way}-state"), state
    yield runs_by_way
    assert not list(folder.glob("feast_metrics_*"))


def test_a_forked_step_has_the_modules_and_the_state_of_one_that_is_started(runs: Any) -> None:
    (_, started), (_, forked) = runs["started"], runs["forked"]
    assert forked.keys() == started.keys()
    for verb, state in forked.items():
        modules, expected = set(state.pop("modules")), set(started[verb].pop("modules"))
        more = {name for name in modules - expected if name.partition(".")[0] not in sys.stdlib_module_names}
        assert {name for name in more if not name.startswith(OURS)} == set(), verb
        assert expected <= modules, verb
        assert state == started[verb], verb


def test_both_ways_give_the_same_data_metrics_and_package(runs: Any) -> None:
    started, forked = (runs[way][0].home for way in ("started", "forked"))
    for name in ("build-dataset/dataset", "split/train", "split/holdout"):
        assert contents(forked / "steps" / name) == contents(started / "steps" / name)
    for file in ("check-data/report/report.json", "gate/verdict", "monitor/report/report.json"):
        assert (forked / "steps" / file).read_bytes() == (started / "steps" / file).read_bytes()
    first, second = (json.loads((place / "steps" / "evaluate" / "metrics").read_text()) for place in (started, forked))
    assert {**first, "run": ""} == {**second, "run": ""}
    packages = [contents(place / "steps" / "train" / "model") for place in (started, forked)]
    for package in packages:
        assert b"run_id" in package.pop("MLmodel"), "MLflow writes the run and the time there, and nowhere else"
    assert packages[0] == packages[1]


def test_a_forked_step_logs_the_same_lines(runs: Any) -> None:
    started, forked = (runs[way][0].home / "logs" for way in ("started", "forked"))
    for log in started.iterdir():
        assert levels(forked / log.name) == levels(log), log.name


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path, without byte code, which has the time of its source."""
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def levels(log: Path) -> list[tuple[str, str]]:
    """Return the level of each line and its first words, without numbers of runs and seconds."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [(line["level"], re.sub(r"[0-9.]+", "N", line["message"])[:20]) for line in lines]
