"""Rendered alerts that fire for real: a Prometheus on loopback, the rendered rules, the quickstart served, and trouble.

Only what says how long to wait is shortened (`interval`, `for`); expressions, windows and thresholds are as rendered.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import yaml
from e2e.examples import Example, address, environment, example, request, serving, waited

from mlopsctl.runtime.local.server import free

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]
WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: quickstart}
spec:
  systems: [mlops.yaml]
  stack:
    features:
      engine: feast
      registry: s3://acme-feast/registry.db
      online: {type: redis, connection: "redis.feast:6379", secret: feast-redis}
    pipelines: {engine: kfp}
    registry: {engine: mlflow, uri: "http://mlflow.mlops.svc:5000"}
    serving: {engine: mlserver}
    monitoring: {engine: prometheus-operator, pushgateway: "http://127.0.0.1:9091"}
  environments:
    local: {cluster: in-cluster, namespace: default}
"""
LATENCY = "      latency: {endpoint: churn-scorer, threshold: 250ms, objective: 99%, window: 30d}\n"
FAST_BURN, DRIFT = "QuickstartAvailabilityFastBurn", "QuickstartKsDrift"
GOOD, BAD, AFTER = 60, 30, 1600


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """Give the quickstart with MLServer in its stack, which has no histogram of its own for each model."""
    project = example("quickstart", tmp_path_factory.mktemp("alerts"))
    (project.home / "workspace.yaml").write_text(WORKSPACE)
    project.edited(LATENCY, "")
    for words in (("run",), ("render",)):
        said = project.verb(*words)
        assert said.code == 0, said.out + said.err
    return project


@pytest.fixture(scope="module")
def served(quickstart: Example) -> Iterator[str]:
    with serving(quickstart) as service:
        yield service


@pytest.fixture(scope="module")
def alerts(
    quickstart: Example, served: str, prometheus: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], dict[str, str]]]:
    """Run Prometheus with the rendered rules; give the alerts that are pending or firing."""
    folder = tmp_path_factory.mktemp("prometheus")
    rendered = next(quickstart.home.rglob("rules/rules.yaml"))
    (folder / "rules.yaml").write_text(yaml.safe_dump(_hurried(yaml.safe_load(rendered.read_text()))))
    gauges = _gauges(quickstart)
    targets = {"model": urlsplit(address(served, "metrics")).netloc, "steps": f"127.0.0.1:{gauges.server_port}"}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(_configuration(targets)))
    port = free()
    words = [str(prometheus), f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*words, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        waited(lambda: _ready(port), 60)
        yield lambda: _alerts(port)
    finally:
        process.terminate()
        process.wait(30)
        gauges.shutdown()
        gauges.server_close()


def _hurried(rules: Any) -> Any:
    for group in rules["groups"]:
        group["interval"] = "1s"
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = "3s"
    return rules


def _configuration(targets: dict[str, str]) -> dict[str, Any]:
    jobs = [
        {"job_name": name, "honor_labels": True, "static_configs": [{"targets": [target]}]}
        for name, target in targets.items()
    ]
    return {"global": {"scrape_interval": "1s"}, "rule_files": ["rules.yaml"], "scrape_configs": jobs}


def _gauges(quickstart: Example) -> ThreadingHTTPServer:
    """Serve the gauges that steps left, as an exporter of text files does."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = "".join(file.read_text() for file in sorted((quickstart.state / "metrics").glob("*.prom")))
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _alerts(port: int) -> dict[str, str]:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=10) as answer:
        alerts = json.load(answer)["data"]["alerts"]
    return {alert["labels"]["alertname"]: alert["state"] for alert in alerts}


def _sent(said: str, body: Any, count: int, expected: int) -> None:
    """Send a request many times over one connection."""
    parts = urlsplit(address(said, "predict"))
    data = json.dumps(body)
    connection = HTTPConnection(parts.netloc, timeout=60)
    for _ in range(count):
        connection.request("POST", parts.path, data, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == expected
    connection.close()


def test_the_availability_alert_fires_on_errors_and_resolves(served: str, alerts: Callable[[], dict[str, str]]) -> None:
    good = request(served)
    bad = {"inputs": [input_ for input_ in good["inputs"] if input_["name"] != "plan"]}
    for _ in range(4):
        _sent(served, good, GOOD // 4, 200)
        time.sleep(1.5)
    assert FAST_BURN not in alerts()
    for _ in range(3):
        _sent(served, bad, BAD // 3, 422)
        time.sleep(1.5)
    waited(lambda: alerts().get(FAST_BURN) == "firing", 60)
    _sent(served, good, AFTER, 200)
    waited(lambda: FAST_BURN not in alerts(), 120)


def test_the_drift_alert_fires_on_drifted_data_and_resolves(
    quickstart: Example, alerts: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    assert DRIFT not in alerts()
    _monitored(quickstart, tmp_path, "--drift")
    waited(lambda: alerts().get(DRIFT) == "firing", 60)
    _monitored(quickstart, tmp_path)
    waited(lambda: DRIFT not in alerts(), 60)


def _monitored(quickstart: Example, folder: Path, *data: str) -> None:
    """Make data, and run the monitor on them."""
    script = [sys.executable, "make_data.py", *data]
    subprocess.run(script, cwd=quickstart.home, env=environment(), check=True, capture_output=True)
    state = quickstart.state
    words = ["--blueprint", str(state / "blueprint.json"), "--features", str(state / "features")]
    said = quickstart.verb(
        "step",
        "monitor",
        *words,
        "--metrics",
        str(state / "metrics" / "monitor.prom"),
        "--out",
        f"report={folder / 'r'}",
    )
    assert said.code == 0, said.err
