"""Forked steps: each alone in its process, ended with the run, and started otherwise where a fork is not safe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from blueprints import blueprints

from mlopsctl.runtime.local.layers import layers
from mlopsctl.runtime.local.process import Exit
from mlopsctl.runtime.local.step_channel import Request
from mlopsctl.runtime.local.step_server import StepServer

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="steps are forked on Linux only")
SERVER = (sys.executable, "-m", "mlopsctl.cli.step_server")
LATER = (("data",),)
SLEEPS = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
STATE = """\
import json, os, random, sys
numpy = sys.modules.get("numpy")
print(json.dumps({
    "argv": sys.argv[1:], "main": __spec__.name, "path": sys.path, "cwd": os.getcwd(),
    "session": os.getsid(0) == os.getpgid(0) == os.getpid(), "input": os.readlink("/proc/self/fd/0"),
    "open": len(os.listdir("/proc/self/fd")), "variable": os.environ["VARIABLE"],
    "allocator": os.environ.get("JE_ARROW_MALLOC_CONF"), "pandas": "pandas" in sys.modules,
    "random": [random.random(), numpy.random.random() if numpy else 0.0],
}))
"""


class Steps:
    """A server for a folder of modules, each run as a step."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder, self.environ = folder, {**os.environ, "VARIABLE": "1", **environ}
        self.server = StepServer(SERVER, folder, self.environ, ())

    def command(self, code: str) -> list[str]:
        (self.folder / "work.py").write_text(code)
        return [sys.executable, "-m", "work", "step", "train"]

    def run(
        self,
        code: str,
        own: tuple[str, ...] = (),
        later: tuple[tuple[str, ...], ...] = LATER,
        tick: Callable[[float], None] = lambda _: None,
    ) -> Exit | None:
        return self.server.run(Request(tuple(self.command(code)), own, later), self.folder / "log", tick)

    def state(self, own: tuple[str, ...] = ()) -> Any:
        ended = self.run(STATE, own)
        assert ended and ended.code == 0, self.server.fault or (self.folder / "log").read_text()
        return json.loads((self.folder / "log").read_text())


@pytest.fixture
def environ() -> Mapping[str, str]:
    return {}


@pytest.fixture
def steps(tmp_path: Path, environ: Mapping[str, str]) -> Iterator[Steps]:
    started = Steps(tmp_path, environ)
    with started.server:
        yield started
    assert not left(tmp_path)


def left(folder: Path) -> list[str]:
    """List processes in a folder, and children of this process that nobody waited for."""
    processes = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            if (state == "Z" and parent == str(os.getpid())) or (state != "Z" and (path / "cwd").readlink() == folder):
                processes.append((path / "comm").read_text())
        except OSError:
            continue
    return processes


def gone(folder: Path) -> bool:
    deadline = time.monotonic() + 30
    while left(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left(folder)


def test_the_code_the_cost_and_what_was_printed_are_kept(steps: Steps) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); x = [0] * 5_000_000; sys.exit(3)"
    ended = steps.run(code)
    assert ended and ended.code == 3
    assert ended.seconds > 0 and ended.cpu > 0 and ended.peak > 40 * 2**20
    assert set((steps.folder / "log").read_text().split()) == {"out", "err"}
    killed = steps.run("import os; os.kill(os.getpid(), 9)")
    assert killed and killed.code == -9


def test_a_forked_step_is_as_alone_as_one_that_was_started(steps: Steps) -> None:
    forked = steps.state()
    alone = subprocess.run(
        steps.command(STATE),
        cwd=steps.folder,
        env=steps.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        check=True,
    )
    expected = json.loads(alone.stdout)
    assert forked.pop("random") != expected.pop("random")
    assert forked == expected


def test_a_step_has_its_own_layers_and_random_numbers(steps: Steps) -> None:
    first, other, second = steps.state(("data",)), steps.state(), steps.state(("data",))
    assert (first["pandas"], other["pandas"], second["pandas"]) == (True, False, True)
    assert all(a != b for a, b in zip(first["random"], second["random"], strict=True))
    assert first["allocator"] is None


def test_an_interruption_ends_the_step_with_its_children_and_the_server(tmp_path: Path) -> None:
    steps = Steps(tmp_path, {})

    def interrupt(seconds: float) -> None:
        if len(left(tmp_path)) >= 3 or seconds > 60:
            raise KeyboardInterrupt

    with steps.server, pytest.raises(KeyboardInterrupt):
        steps.run(SLEEPS, tick=interrupt)
    assert gone(tmp_path)


def test_a_killed_run_leaves_no_server_and_no_step(tmp_path: Path) -> None:
    steps = Steps(tmp_path, {})
    command = steps.command("import time; time.sleep(600)")
    code = f"""
import os
from pathlib import Path
from mlopsctl.runtime.local.step_channel import Request
from mlopsctl.runtime.local.step_server import StepServer

server = StepServer({SERVER!r}, Path.cwd(), dict(os.environ), ())
server.run(Request({tuple(command)!r}, (), {LATER!r}), Path("log"), lambda seconds: None)
"""
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=steps.environ, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while "train\n" not in left(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "train\n" in left(tmp_path)
    run.kill()
    run.wait()
    assert gone(tmp_path)


def test_a_killed_server_is_a_killed_step_and_later_ones_are_started_otherwise(steps: Steps) -> None:
    def kill(seconds: float) -> None:
        if "train\n" in left(steps.folder) or seconds > 60:
            assert steps.server._process
            os.kill(steps.server._process.pid, signal.SIGKILL)

    ended = steps.run("import time; time.sleep(600)", tick=kill)
    assert ended and ended.code == -9
    assert steps.run("print()") is None


def test_the_last_step_of_a_run_is_not_worth_a_server(steps: Steps) -> None:
    assert steps.run("print()", later=()) is None
    assert not left(steps.folder)


def test_a_module_of_the_user_with_a_librarys_name_is_left_to_a_fresh_process(steps: Steps) -> None:
    (steps.folder / "pandas.py").write_text("open('imported', 'w').close()\n")
    assert steps.run("print()", ("data",)) is None
    assert "pandas" in steps.server.fault
    assert not (steps.folder / "imported").exists()


def test_a_library_that_cannot_be_imported_is_left_to_a_fresh_process(steps: Steps) -> None:
    assert steps.run("print()", ("no-such-layer",), (("no-such-layer",),)) is None
    assert "no-such-layer" in steps.server.fault


class TestThreads:
    """A process with more than one thread is never forked."""

    @pytest.fixture
    def environ(self, tmp_path: Path) -> Mapping[str, str]:
        folder = tmp_path / "site"
        folder.mkdir()
        code = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        (folder / "sitecustomize.py").write_text(code)
        return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}

    def test_it_is_left_to_a_fresh_process(self, steps: Steps) -> None:
        assert steps.run("print()") is None
        assert "threads" in steps.server.fault


class TestTemporaryFolders:
    """What a library makes when it is imported, and removes at the end of its process."""

    @pytest.fixture
    def environ(self, tmp_path: Path) -> Mapping[str, str]:
        folder = tmp_path / "site"
        folder.mkdir()
        code = f"""
import atexit, os, pathlib
owner, made = os.getpid(), pathlib.Path({str(tmp_path)!r}) / f"made-{{os.getpid()}}"
made.mkdir()
atexit.register(lambda: owner == os.getpid() and made.rmdir())
"""
        (folder / "sitecustomize.py").write_text(code)
        return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}

    def test_they_are_there_for_every_step_and_removed_with_the_server(self, steps: Steps) -> None:
        for _ in range(2):
            ended = steps.run("import sitecustomize; assert sitecustomize.made.is_dir()")
            assert ended and ended.code == 0, (steps.folder / "log").read_text()
        steps.server.close()
        assert not list(steps.folder.glob("made-*"))


def test_a_step_has_the_layers_of_the_engines_that_it_uses() -> None:
    quickstart = blueprints("quickstart", "local")["quickstart"]
    verbs = [step.verb for pipeline in quickstart.pipelines for step in pipeline.steps]
    used_layers = {verb: layers(quickstart, verb) for verb in verbs}
    assert used_layers["gate"] == () and used_layers["split"] == ("data",)
    assert used_layers["materialize"] == used_layers["build-dataset"] == ("data", "feast")
    assert used_layers["train"] == used_layers["evaluate"] == ("data", "mlflow", "sklearn")
    assert used_layers["check-data"] == ("data", "sklearn", "deepchecks")
