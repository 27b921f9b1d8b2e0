"""The benchmark's inputs are real: workspaces that render, peers that make the same objects, the runner's own steps."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from blueprints import blueprints

from benchmarks import laptop, load, peers
from benchmarks.workspace import workspace
from mlopsctl.runtime.local import scheduler
from mlopsctl.runtime.local.layout import Layout

COUNT = 5
ROOT = Path(__file__).parents[2]


def run(home: Path, *verb: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mlopsctl", *verb]
    return subprocess.run(command, cwd=home, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    project = workspace(tmp_path_factory.mktemp("many") / "scale", COUNT)
    rendered = run(project, "render")
    assert rendered.returncode == 0, rendered.stderr
    yield project


@pytest.fixture(scope="module")
def tree(home: Path) -> Path:
    return home / "generated" / "payments" / "prod"


def objects(folder: Path) -> list[object]:
    files = sorted(folder.rglob("manifests/*.yaml"))
    return [document for file in files for document in yaml.safe_load_all(file.read_text()) if document]


def test_the_workspace_of_many_systems_has_no_mistake(home: Path) -> None:
    checked = run(home, "validate")
    assert (checked.returncode, checked.stdout) == (0, f"{COUNT} systems in prod: no errors\n"), checked.stderr


def test_every_system_is_rendered_and_a_second_render_finds_nothing_to_do(home: Path, tree: Path) -> None:
    units = {path.name for path in tree.iterdir() if path.is_dir()}
    assert units == {"shared", "merchants", *(f"fraud-{number:04}" for number in range(COUNT - 1))}
    assert run(home, "render", "--check").returncode == 0


def test_kustomize_is_given_every_manifest_of_the_systems_it_makes(tree: Path, tmp_path: Path) -> None:
    folder = peers.kustomization(tree, tmp_path / "kustomize", 2)
    units = json.loads((folder / "kustomization.yaml").read_text())["resources"]
    assert units == ["fraud-0000", "fraud-0001"]
    for unit in units:
        listed = json.loads((folder / unit / "kustomization.yaml").read_text())["resources"]
        given = [
            document
            for name in listed
            for document in yaml.safe_load_all((folder / unit / name).read_text())
            if document
        ]
        assert given == objects(tree / unit)


def test_jsonnet_makes_the_same_objects_as_the_render(tree: Path, tmp_path: Path) -> None:
    rjsonnet = pytest.importorskip("rjsonnet", reason="rjsonnet is not installed")
    document = json.loads(rjsonnet.evaluate_file(str(peers.jsonnet(tree, tmp_path / "jsonnet", 1))))
    assert document == {"fraud-0000": objects(tree / "fraud-0000")}


def test_the_script_beside_a_run_has_the_command_lines_of_the_runner(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    blueprint = blueprints("quickstart", "local")["quickstart"]
    lines = [line for line in laptop.program(blueprint, layout).splitlines() if line.startswith(sys.executable)]
    moment = datetime(2026, 1, 31, tzinfo=UTC)
    runner = SimpleNamespace(layout=layout, program=(sys.executable, "-m", "mlopsctl", "step"), now=moment)
    for line, step in zip(lines, scheduler.steps(blueprint), strict=True):
        words = scheduler._command(cast(Any, runner), step, {}, layout.step(step.name))
        said = [pair for pair in zip(*[iter(shlex.split(line)[5:])] * 2, strict=True) if pair[0] != "--set"]
        assert said == list(zip(*[iter(words[5:-2])] * 2, strict=True))
        assert line.count("--set") == len(step.parameters)


class Answers(BaseHTTPRequestHandler):
    """Says no to what is asked on one path."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http_server:
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_port}"
        http_server.shutdown()


def test_a_load_counts_answers_and_takes_no_failure_for_one(server: str) -> None:
    measured = load.ask(f"{server}/fine", b"{}", clients=4, requests=40)
    assert measured.rate > 0
    assert 0 < measured.p50 <= measured.p99
    with pytest.raises(RuntimeError, match="answered 500"):
        load.ask(f"{server}/broken", b"{}", clients=2, requests=2)


def test_a_share_of_ordered_values_is_one_of_them() -> None:
    values = [float(number) for number in range(1, 201)]
    assert (load.share(values, 0.5), load.share(values, 0.99), load.share([7.0], 0.99)) == (100.0, 198.0, 7.0)
