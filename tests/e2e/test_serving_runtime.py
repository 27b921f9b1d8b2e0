"""The server of a rendered ServingRuntime loads the package that a run registers.

The oracle is MLServer in the locked environment of the server's image, with the rendered command and variables.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from e2e.examples import ROOT, SERVE_VENV, example, response, waited
from kube import free_port
from served import engine, only, serving

from mlopsctl.engines.kserve import target
from mlopsctl.runtime.local.serve_environment import interpreter

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
IMAGE = "ghcr.io/acme/model-server@sha256:" + "0" * 64


def test_a_registered_package_is_loaded_by_the_rendered_server(tmp_path: Path) -> None:
    quickstart = example("quickstart", tmp_path)
    ran = quickstart.verb("run")
    assert ran.code == 0, ran.out + ran.err
    (package,) = (quickstart.state / "artifacts").glob("*/artifacts/model")
    python = interpreter(
        SERVE_VENV, package / "requirements.txt", ROOT / "constraints" / "serve.txt", os.environ, lambda _: None
    )

    blueprint = serving(engine("kserve", "0.20", {"image": IMAGE}), kind="model", candidate=None, autoscale=None)
    (container,) = only(target.render(blueprint), "ServingRuntime")["spec"]["containers"]
    ports = {name: str(free_port()) for name in ("MLSERVER_HTTP_PORT", "MLSERVER_GRPC_PORT", "MLSERVER_METRICS_PORT")}
    rendered = {variable["name"]: variable["value"] for variable in container["env"]}
    assert rendered.keys() > ports.keys()
    mounted = {name: value.replace("/mnt/models", str(package)) for name, value in rendered.items()}
    program, *words = (word.replace("/mnt/models", str(package)) for word in container["command"])
    environment = {**os.environ, **mounted, **ports, "HOME": str(tmp_path), "MLSERVER_HOST": "127.0.0.1"}

    process = subprocess.Popen([python.parent / program, *words], env=environment, cwd=tmp_path)
    try:
        model = f"http://127.0.0.1:{ports['MLSERVER_HTTP_PORT']}/v2/models/{rendered['MLSERVER_MODEL_NAME']}"
        waited(lambda: process.poll() is not None or ready(f"{model}/ready"))
        status, described = response(model)
    finally:
        process.terminate()
        process.wait(60)
    assert status == 200
    assert [input_["name"] for input_ in described["inputs"]] == ["customer_id", "plan"]


def ready(url: str) -> bool:
    try:
        return response(url)[0] == 200
    except OSError:
        return False
