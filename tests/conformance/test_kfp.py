"""What is rendered for KFP, read by those who will read it: the API server's schemas, KFP's protobufs, its SDK."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import on_kfp
import pytest
import yaml

from mlopsctl.engines.kfp import target

needs_kfp = [
    pytest.mark.oracle,
    pytest.mark.skipif(importlib.util.find_spec("kfp") is None, reason="kfp is not installed: run `make test`"),
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(params=on_kfp.EXAMPLES, ids=lambda unit: f"{unit[2]}-{unit[1]}")
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write what one example system renders."""
    for file in target.render(on_kfp.example(*request.param)):
        path = tmp_path / "tree" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.content, encoding="utf-8")
    return tmp_path / "tree"


def specs(tree: Path) -> Iterator[dict[str, Any]]:
    """Yield the spec of every PipelineVersion."""
    for path in sorted((tree / "manifests").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if document["kind"] == "PipelineVersion":
                yield document["spec"]


def parse(ir: dict[str, Any], platform: dict[str, Any]) -> int:
    """Parse a pipeline as the server does: an unknown field is an error. Return how many steps it has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from google.protobuf import json_format
        from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
        from kfp.pipeline_spec import pipeline_spec_pb2 as protos
    json_format.ParseDict(ir, protos.PipelineSpec())
    deployment = json_format.ParseDict(ir["deploymentSpec"], protos.PipelineDeploymentConfig())
    for component in ir["components"].values():
        json_format.ParseDict(component, protos.ComponentSpec())
    json_format.ParseDict(platform, protos.PlatformSpec())
    for executor in platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"].values():
        json_format.ParseDict(executor, kubernetes.KubernetesExecutorConfig())
    return len(deployment.executors)


def test_every_object_fits_the_released_schemas_and_every_pod_is_restricted(tree: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", tree / "manifests", "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_step_of_every_version_has_a_platform_that_says_it_is_not_root(tree: Path) -> None:
    for spec in specs(tree):
        executors = spec["platformSpec"]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        assert executors.keys() == spec["pipelineSpec"]["deploymentSpec"]["executors"].keys()
        assert all(executor["securityContext"]["runAsNonRoot"] for executor in executors.values())


class TestWithKfp:
    pytestmark = needs_kfp

    def test_its_protobufs_know_every_field(self, tree: Path) -> None:
        steps = [parse(spec["pipelineSpec"], spec["platformSpec"]) for spec in specs(tree)]
        assert steps
        assert all(steps)

    @pytest.mark.parametrize(
        ("part", "path", "value"),
        [
            ("ir", "root.dag.tasks.train.cachingOption", {}),
            ("ir", "root.dag.tasks.train.retryPolicy.backoffDuration", "30m"),
            ("ir", "root.inputDefinitions.parameters.params.parameterType", "TEXT"),
            ("ir", "deploymentSpec.executors.exec-train.container.securityContext", {}),
            ("ir", "deploymentSpec.executors.exec-train.container.resources.accelerator", {"resourceCount": 1}),
            ("platform", "platforms.kubernetes.deploymentSpec.executors.exec-train.secretAsEnvs", []),
            ("platform", "platforms.kubernetes.pipelineConfig.mutexName", "one"),
        ],
    )
    def test_they_would_have_seen_a_mistake(self, part: str, path: str, value: Any) -> None:
        rendered = target.render(on_kfp.example("payments", "prod", "card-fraud"))
        text = next(file.content for file in rendered if file.path == "ir/card-fraud-train.yaml")
        ir, platform = yaml.safe_load_all(text)
        parts = {"ir": deepcopy(ir), "platform": deepcopy(platform)}
        *parents, last = path.split(".")
        node = parts[part]
        for key in parents:
            node = node[key]
        node[last] = value
        from google.protobuf import json_format

        with pytest.raises(json_format.ParseError):
            parse(parts["ir"], parts["platform"])

    def test_its_sdk_loads_every_file_and_compiles_it_into_another_pipeline(self, tree: Path, tmp_path: Path) -> None:
        from kfp import compiler, components, dsl

        files = sorted((tree / "ir").glob("*.yaml"))
        assert files
        for path in files:
            loaded = components.load_component_from_text(path.read_text(encoding="utf-8"))
            ir, platform = yaml.safe_load_all(path.read_text(encoding="utf-8"))
            assert loaded.name == ir["pipelineInfo"]["name"] == path.stem
            assert set(loaded.component_spec.inputs or ()) == set(
                ir["root"].get("inputDefinitions", {}).get("parameters", {})
            )
            compiled = tmp_path / "compiled.yaml"
            compiler.Compiler().compile(_around(dsl, loaded), str(compiled))
            again, its_platform = yaml.safe_load_all(compiled.read_text(encoding="utf-8"))
            assert again["deploymentSpec"] == ir["deploymentSpec"]
            kept = its_platform["platforms"]["kubernetes"]["deploymentSpec"]
            assert kept == platform["platforms"]["kubernetes"]["deploymentSpec"]

    def test_a_servers_uploaded_version_is_what_git_holds(self, tree: Path) -> None:
        by_name = {spec["pipelineName"]: spec for spec in specs(tree)}
        for path in (tree / "ir").glob("*.yaml"):
            ir, platform = yaml.safe_load_all(path.read_text(encoding="utf-8"))
            assert json.dumps(ir) == json.dumps(by_name[path.stem]["pipelineSpec"])
            assert json.dumps(platform) == json.dumps(by_name[path.stem]["platformSpec"])


def _around(dsl: Any, loaded: Any) -> Any:
    @dsl.pipeline(name="around")
    def around():  # type: ignore[no-untyped-def]  # KFP would take the annotation for an output
        loaded()

    return around
