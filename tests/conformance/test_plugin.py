"""The package plugins/mlserver-deployment from outside: pip installs it, and real programs judge what it renders.

The oracles are pip's own installation, the strict schemas of Kubernetes with the pod security standard `restricted`,
and those that kubernetes-validate brings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "plugins" / "mlserver-deployment"
IMAGE = "ghcr.io/acme/mlserver-mlflow@sha256:" + "5f1d7c0e2a94b8d36e0c7f4a1b2d9e8c3f6a5b4d7e8091a2b3c4d5e6f708192a"
WORKSPACE = f"""
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {{name: acme}}
spec:
  systems: [mlops.yaml]
  git: {{repository: https://git.example.com/acme/ml}}
  stack:
    serving: {{engine: mlserver-deployment, image: "{IMAGE}", secret: model-store}}
  environments:
    local: {{namespace: ml}}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package with pip into an environment of its own, which reads mlopsctl from the checkout."""
    folder = tmp_path_factory.mktemp("plugin") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "mlopsctl.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    python = folder / "bin" / "python"
    call = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-build-isolation"]
    source = copied(folder.parent / "source")
    subprocess.run([sys.executable, *call, "--disable-pip-version-check", source], check=True)
    return python


def copied(folder: Path) -> Path:
    """Copy the package's sources: a build writes beside them."""
    for file in PLUGIN.rglob("*"):
        if file.suffix in {".py", ".toml", ".md"}:
            place = folder / file.relative_to(PLUGIN)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the quickstart's system in a workspace that chooses the engine; it scales on the processor."""
    folder = tmp_path_factory.mktemp("project")
    example = ROOT / "examples" / "quickstart"
    spec = yaml.safe_load((example / "mlops.yaml").read_text())
    for endpoint in spec["spec"]["serving"]["endpoints"].values():
        endpoint["replicas"] = {"min": 2, "max": 5}
        endpoint["autoscale"] = {"metric": "cpu", "target": 70}
        endpoint["resources"] = {"cpu": "1", "memory": "1Gi"}
    spec["spec"]["serving"].pop("slos", None)
    spec["spec"].get("alerts", {}).get("slos", {}).pop("latency", None)
    (folder / "mlops.yaml").write_text(yaml.safe_dump(spec))
    (folder / "mlops.lock").write_text((example / "mlops.lock").read_text().replace("name: quickstart", "name: acme"))
    (folder / "workspace.yaml").write_text(WORKSPACE)
    return folder


def mlopsctl(python: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-m", "mlopsctl", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def tree(python: Path, project: Path) -> Path:
    mlopsctl(python, "render", project)
    (folder,) = project.rglob("mlserver-deployment")
    return folder


def objects(tree: Path) -> dict[str, dict[str, object]]:
    documents = [document for file in tree.rglob("*.yaml") for document in yaml.safe_load_all(file.read_text())]
    return {document["kind"]: document for document in documents}


def test_pip_installs_an_engine_that_is_listed_and_in_the_schema(python: Path) -> None:
    listed = json.loads(mlopsctl(python, "engines", "serving", "-o", "json").stdout)["engines"]
    assert listed[-1]["name"] == "mlserver-deployment"
    schema = json.loads(mlopsctl(python, "schema", "workspace").stdout)
    settings = schema["$defs"]["MLServerDeployment"]
    assert set(settings["properties"]) == {"engine", "version", "image", "secret"}
    assert all(field["description"] for field in settings["properties"].values())


def test_its_pods_meet_the_restricted_standard_under_strict_schemas(tree: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", tree, "--pods", "restricted"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_published_schemas_of_kubernetes_accept_its_objects(tree: Path) -> None:
    documents = [document for file in tree.rglob("*.yaml") for document in yaml.safe_load_all(file.read_text())]
    assert {document["kind"] for document in documents} == {
        "ConfigMap",
        "Deployment",
        "Service",
        "HorizontalPodAutoscaler",
    }
    for document in documents:
        kubernetes_validate.validate(document, "1.33", strict=True)


def test_the_service_reaches_the_pods_and_the_autoscaler_the_deployment(tree: Path) -> None:
    manifests = objects(tree)
    deployment, service = manifests["Deployment"], manifests["Service"]
    pod = deployment["spec"]["template"]  # type: ignore[index]
    selector = service["spec"]["selector"]  # type: ignore[index]
    assert selector.items() <= pod["metadata"]["labels"].items()
    assert selector == deployment["spec"]["selector"]["matchLabels"]  # type: ignore[index]
    ports = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports  # type: ignore[index]
    scaled = manifests["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]  # type: ignore[index]
    assert scaled["name"] == deployment["metadata"]["name"]  # type: ignore[index]
    assert "replicas" not in deployment["spec"]  # type: ignore[operator]


def test_what_prometheus_scrapes_are_its_pods_and_the_rules_read_mlservers_series(tree: Path) -> None:
    unit = tree.parent
    pod = objects(tree)["Deployment"]["spec"]["template"]  # type: ignore[index]
    documents = [
        document
        for file in unit.glob("prometheus/manifests/*.yaml")
        for document in yaml.safe_load_all(file.read_text())
    ]
    (monitor,) = [document for document in documents if document["kind"] == "PodMonitor"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    ports = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    assert {pod_metrics_endpoint["port"] for pod_metrics_endpoint in monitor["spec"]["podMetricsEndpoints"]} <= ports
    assert "model_infer_request_failure_total" in json.dumps(documents)


def test_a_canary_is_refused_with_its_line(python: Path, project: Path, tmp_path: Path) -> None:
    for file in ("workspace.yaml", "mlops.lock"):
        (tmp_path / file).write_text((project / file).read_text())
    spec = yaml.safe_load((project / "mlops.yaml").read_text())
    for endpoint in spec["spec"]["serving"]["endpoints"].values():
        endpoint["rollout"] = {"strategy": "canary", "steps": [10, 100], "pause": "10m"}
    (tmp_path / "mlops.yaml").write_text(yaml.safe_dump(spec))
    command = [python, "-m", "mlopsctl", "validate", tmp_path, "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    refused = [diagnostic for diagnostic in json.loads(done.stdout)["diagnostics"] if diagnostic["code"] == "MLC503"]
    assert done.returncode == 1
    assert refused or "cannot do a canary rollout" in done.stdout
