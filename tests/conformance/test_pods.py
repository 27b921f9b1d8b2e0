"""Settings of pods in every engine that takes them: the page docs/pods.md as it stands, against released schemas."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from mlopsctl.spec.pods import PodScope

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "pods.md").read_text(encoding="utf-8")
FILES = {"workspace.yaml": "workspace.yaml", "mlops.yaml": "systems/card-fraud/mlops.yaml"}
STACKS = {
    "argo-kserve": ({"engine": "argo-workflows"}, {"engine": "kserve", "version": "0.20"}),
    "kfp-seldon1": ({"engine": "kfp", "version": "2.17"}, {"engine": "seldon", "version": "1"}),
}
Json = dict[str, Any]


def joined(base: Json, other: Json) -> Json:
    """Return a map with another one laid over it, at every depth."""
    both = {key: joined(base[key], value) for key, value in other.items() if isinstance(value, dict) and key in base}
    return {**base, **other, **both}


def blocks() -> Iterator[tuple[str, Json]]:
    for name, text in re.findall(r"```yaml\n# in (\S+)\n(.*?)```", PAGE, re.DOTALL):
        yield FILES[name], yaml.safe_load(text)


@pytest.fixture(params=STACKS, scope="module")
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the payments example with the page's settings laid over it, for production alone."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(ROOT / "examples" / "payments", root / "payments")
    (root / ".git").mkdir()
    pipelines, serving = STACKS[request.param]
    for file, block in blocks():
        path = root / "payments" / file
        whole = joined(yaml.safe_load(path.read_text(encoding="utf-8")), block)
        if file == "workspace.yaml":
            whole["spec"]["stack"] |= {"pipelines": pipelines, "serving": serving}
            whole["spec"]["environments"].pop("dev", None)
            whole["spec"]["environments"]["prod"].pop("promoteFrom", None)
        else:
            whole["spec"].pop("overrides")
            endpoint = whole["spec"]["serving"]["endpoints"]["fraud-scorer"]
            endpoint |= {"replicas": {"min": 2}, "rollout": {"strategy": "direct"}}
            endpoint.pop("autoscale")
            whole["spec"].pop("alerts")
            whole["metadata"]["tier"] = 3
        path.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    lock = root / "payments" / "mlops.lock"
    locked = yaml.safe_load(lock.read_text(encoding="utf-8"))
    locked["environments"].pop("dev", None)
    lock.write_text(yaml.safe_dump(locked), encoding="utf-8")
    command = [sys.executable, "-c", "from mlopsctl.cli import main; main()", "render", "payments"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "generated" / "payments" / "prod"


def documents(tree: Path, kind: str) -> Iterator[Json]:
    for path in sorted((tree / "card-fraud").rglob("manifests/*.yaml")):
        yield from (each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each["kind"] == kind)


def pods(tree: Path) -> Iterator[Json]:
    """Yield what is like the spec of a pod: of the training step in Argo Workflows, and of the server."""
    for template in documents(tree, "WorkflowTemplate"):
        for leaf in template["spec"]["templates"]:
            if leaf["name"] == "train":
                patch = json.loads(leaf.get("podSpecPatch", "{}"))
                yield {**leaf, **patch, "imagePullSecrets": template["spec"]["imagePullSecrets"]}
    for service in documents(tree, "InferenceService"):
        yield {**service["spec"]["predictor"], "container": service["spec"]["predictor"]["model"]}
    for deployment in documents(tree, "SeldonDeployment"):
        for predictor in deployment["spec"]["predictors"]:
            (component,) = predictor["componentSpecs"]
            yield {**component["spec"], "container": component["spec"]["containers"][0]}


def test_every_object_fits_the_released_schemas_and_every_pod_is_restricted(tree: Path, oracles: Path) -> None:
    command = [sys.executable, oracles / "check_manifests.py", tree, "--pods", "restricted"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


POD_FIELDS = ("nodeSelector", "tolerations", "affinity", "priorityClassName", "topologySpreadConstraints")


def test_kubernetes_own_schema_takes_the_fields_of_every_pod(tree: Path, oracles: Path) -> None:
    import jsonschema

    definitions = json.loads((oracles / "kubernetes.json").read_text(encoding="utf-8"))["definitions"]
    spec = next(value for name, value in definitions.items() if name.endswith("core.v1.PodSpec"))
    container = next(value for name, value in definitions.items() if name.endswith("core.v1.Container"))
    seen = 0
    for pod in pods(tree):
        own = {name: pod[name] for name in (*POD_FIELDS, "imagePullSecrets", "volumes") if name in pod}
        mounted = {name: pod["container"][name] for name in ("env", "volumeMounts") if name in pod["container"]}
        for value, schema in ((own, spec), (mounted, container)):
            strict = {**schema, "required": [], "definitions": definitions}
            jsonschema.Draft202012Validator(strict).validate(value)
            seen += len(value)
    assert seen >= 5


def lands(pod: Json, labels: dict[str, str], taints: list[tuple[str, str, str]]) -> bool:
    """Return whether the scheduler may put a pod on a node, by the documented rules of selectors and taints."""
    chosen = all(labels.get(key) == value for key, value in pod.get("nodeSelector", {}).items())
    return chosen and all(any(tolerates(each, taint) for each in pod.get("tolerations", [])) for taint in taints)


def tolerates(toleration: Json, taint: tuple[str, str, str]) -> bool:
    key, value, effect = taint
    if toleration["key"] != key or toleration.get("effect", effect) != effect:
        return False
    return toleration["operator"] == "Exists" or toleration["value"] == value


GPU_TAINTS = [("nvidia.com/gpu", "present", "NoSchedule"), ("pool", "gpu", "NoExecute")]


def training(tree: Path) -> Json:
    """Return where the training step runs, in the words of a pod, with its container."""
    for template in documents(tree, "WorkflowTemplate"):
        for leaf in template["spec"]["templates"]:
            if leaf["name"] == "train":
                return dict(leaf)
    platform, executor = next(executors(tree, "exec-train"))
    selector = platform["nodeSelector"]["labels"]
    return {"nodeSelector": selector, "tolerations": platform["tolerations"], "container": executor["container"]}


def executors(tree: Path, name: str) -> Iterator[tuple[Json, Json]]:
    for version in documents(tree, "PipelineVersion"):
        platform = version["spec"]["platformSpec"]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        if name in platform:
            yield platform[name], version["spec"]["pipelineSpec"]["deploymentSpec"]["executors"][name]


def test_a_training_with_a_gpu_reaches_a_tainted_pool_and_no_other(tree: Path) -> None:
    pod = training(tree)
    resources = pod["container"]["resources"]
    assert "nvidia.com/gpu" in json.dumps(resources)
    assert lands(pod, {"pool": "gpu"}, GPU_TAINTS)
    assert not lands(pod, {"pool": "cpu"}, [])
    assert not lands(pod, {"pool": "gpu"}, [*GPU_TAINTS, ("maintenance", "", "NoSchedule")])


def test_no_volume_and_no_path_of_a_pod_is_there_twice(tree: Path) -> None:
    for pod in pods(tree):
        mounts = pod["container"].get("volumeMounts", [])
        assert len({mount["mountPath"] for mount in mounts}) == len(mounts)
        names = [volume["name"] for volume in pod.get("volumes", [])]
        assert len(set(names)) == len(names)
        variables = [variable["name"] for variable in pod["container"].get("env", [])]
        assert len(set(variables)) == len(variables)


@pytest.mark.oracle
@pytest.mark.skipif(importlib.util.find_spec("kfp") is None, reason="kfp is not installed: run `make test`")
def test_the_protobufs_of_kfp_know_every_field(tree: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from google.protobuf import json_format
        from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
    for platform, executor in executors(tree, "exec-train"):
        config = json_format.ParseDict(platform, kubernetes.KubernetesExecutorConfig())
        assert [each.secret_name for each in config.image_pull_secret] == ["acme-registry"]
        assert {each.constant: each.mount_path for each in config.pvc_mount} == {"datasets": "/datasets"}
        assert ("Memory", "8Gi") in {(each.medium, each.size_limit) for each in config.empty_dir_mounts}
        assert config.pod_metadata.labels["kueue.x-k8s.io/queue-name"] == "ml-batch"
        assert {"name": "LOG_LEVEL", "value": "info"} in executor["container"]["env"]


def test_the_page_names_every_scope_of_the_language() -> None:
    assert set(get_args(PodScope)) <= set(re.findall(r"`(\w+)`", PAGE))
