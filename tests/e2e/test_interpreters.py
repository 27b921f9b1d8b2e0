"""The interpreters of rendered pipelines see what a cluster would see: held to a program that only leaves outputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e import rendered
from e2e.argo import Controller, Run, holds, substituted
from e2e.kfp_launcher import Launcher
from e2e.pods import Broken, Node, Pod

pytestmark = pytest.mark.e2e
GENERATED = rendered.ROOT / "generated" / "payments"
TRAINING = "card-fraud-train"
PROGRAM = """\
import json, os, sys
from pathlib import Path

words = sys.argv[1:]
verb = words[1] if words[0] == "step" else words[0]
pairs = list(zip(words[2::2], words[3::2]))
taken = [value.split("=", 1) for name, value in pairs if name == "--in"]
made = [value.split("=", 1) for name, value in pairs if name == "--out"]
plan = json.loads(Path(os.environ["PLAN"]).read_text()).get(verb, {})
log = Path(os.environ["LOG"])
before = [json.loads(line)["verb"] for line in log.read_text().splitlines()]
blueprint = Path(dict(pairs)["--blueprint"])
with log.open("a") as file:
    entry = {
        "verb": verb,
        "words": words,
        "contents": {name: Path(path).read_text() for name, path in taken},
        "room": sorted(one.name for one in Path(os.environ["HOME"]).iterdir()),
        "features": sorted(one.name for one in Path(json.loads(blueprint.read_text())["paths"]["features"]).iterdir()),
        "variables": dict(os.environ),
    }
    file.write(json.dumps(entry) + "\\n")
(Path(os.environ["HOME"]) / "left-behind").touch()
for name, path in taken:
    Path(path).write_text("changed by a reader")
if plan.get("spoil"):
    (blueprint.parent / "..data" / blueprint.name).write_text("{}")
codes = plan.get("codes", [])
code = codes[before.count(verb)] if before.count(verb) < len(codes) else 0
if code == 0:
    for name, path in made:
        if name not in plan.get("forgets", []):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            usual = "1795446000" if name.startswith("timestamp-") else f"{verb} {name}"
            Path(path).write_text(plan.get(name, usual))
sys.exit(code)
"""


class Fake:
    """A node whose one program leaves outputs, and does as planned for a verb."""

    def __init__(self, folder: Path) -> None:
        self.log, self._plan = folder / "log", folder / "plan"
        self.log.touch()
        self.plan({})
        (folder / "program.py").write_text(PROGRAM)
        self.node = Node(
            folder=folder / "node",
            image=folder,
            programs={"mlopsctl": [sys.executable, str(folder / "program.py")]},
            environ={"LOG": str(self.log), "PLAN": str(self._plan)},
            secrets={"feast-redis": {"username": "feast", "password": "hunter2"}},
        )

    def plan(self, plans: Mapping[str, Mapping[str, Any]]) -> None:
        self._plan.write_text(json.dumps(plans))

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    @property
    def verbs(self) -> list[str]:
        return [call["verb"] for call in self.calls]

    def call(self, verb: str) -> dict[str, Any]:
        (call,) = [recorded for recorded in self.calls if recorded["verb"] == verb]
        return call


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


@pytest.fixture
def objects() -> list[dict[str, Any]]:
    """Return what the committed tree holds for one environment with Argo Workflows."""
    return deepcopy(
        [
            document
            for path in sorted((GENERATED / "prod").rglob("manifests/*.yaml"))
            for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
        ]
    )


def template(objects: list[dict[str, Any]], step: str) -> Any:
    """Return the template of one step of the training pipeline."""
    (workflow,) = (obj for obj in objects if (obj["kind"], obj["metadata"]["name"]) == ("WorkflowTemplate", TRAINING))
    return next(template for template in workflow["spec"]["templates"] if template["name"] == step)


def train(objects: list[dict[str, Any]], fake: Fake, **parameters: str) -> Run:
    arguments = [{"name": name.replace("_", "-"), "value": value} for name, value in parameters.items()]
    spec = {"workflowTemplateRef": {"name": TRAINING}, "arguments": {"parameters": arguments}}
    return Controller(objects, fake.node).submit({"spec": spec}, "run")


class TestArgo:
    def test_steps_run_in_the_order_of_their_graph_and_then_the_exit_handler(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        run = train(objects, fake)

        assert run.status == "Succeeded"
        assert fake.verbs[:3] == ["materialize", "build-dataset", "check-data"]
        assert fake.verbs[-2:] == ["register", "finish"]
        assert fake.verbs.index("gate") > max(map(fake.verbs.index, ("evaluate", "check-model")))

    def test_what_a_step_leaves_reaches_the_next_as_a_copy_of_its_own(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        train(objects, fake)

        assert fake.call("check-data")["contents"] == {"dataset": "build-dataset dataset"}
        assert fake.call("split")["contents"] == {"dataset": "build-dataset dataset"}
        words = fake.call("register")["words"]
        assert "dataset-hash=build-dataset dataset-hash" in words
        assert "run-id=train run-id" in words

    def test_parameters_of_the_run_go_before_those_of_the_template(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        train(objects, fake, params='{"max_depth": 3}', git_commit="abc")

        assert 'params={"max_depth": 3}' in fake.call("train")["words"]
        assert "git-commit=abc" in fake.call("register")["words"]
        with pytest.raises(Broken, match="has no parameter parms"):
            train(objects, fake, parms="{}")

    def test_every_pod_has_room_of_its_own_and_sees_the_feature_project(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        train(objects, fake)

        assert [call["room"] for call in fake.calls] == [[]] * len(fake.calls)
        assert all("feature_store.yaml" in call["features"] for call in fake.calls)
        assert fake.call("materialize")["variables"]["FEAST_ONLINE_USERNAME"] == "feast"
        assert "FEAST_ONLINE_USERNAME" not in fake.call("gate")["variables"]

    def test_a_step_that_breaks_is_tried_again_and_one_that_says_no_is_not(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        fake.plan({"build-dataset": {"codes": [1, 1, 0]}, "gate": {"codes": [3, 0]}})
        run = train(objects, fake)

        assert fake.verbs.count("build-dataset") == 3
        assert fake.verbs.count("gate") == 1
        assert (run.status, run.tasks["gate"].status, run.tasks["register"].status) == ("Failed", "Failed", "Omitted")
        assert "status=Failed" in fake.call("finish")["words"]

    def test_a_step_that_stays_broken_ends_the_run_when_its_attempts_are_used_up(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        fake.plan({"train": {"codes": [1] * 9}})

        assert train(objects, fake).status == "Failed"
        assert fake.verbs.count("train") == 3
        assert "evaluate" not in fake.verbs

    def test_a_value_that_was_not_written_has_its_default_and_a_file_has_none(
        self, objects: list[dict[str, Any]], fake: Fake
    ) -> None:
        fake.plan({"build-dataset": {"forgets": ["dataset-hash"]}, "train": {"forgets": ["model"]}})
        run = train(objects, fake)

        assert run.tasks["build-dataset"].parameters["dataset-hash"] == ""
        assert (run.tasks["train"].status, run.tasks["evaluate"].status, run.status) == ("Error", "Omitted", "Failed")

    def test_only_numbers_are_exported(self, objects: list[dict[str, Any]], fake: Fake) -> None:
        ((name, labels),) = (run := train(objects, fake)).gauges
        assert (name, dict(labels)["view"]) == ("mlops_feature_timestamp_seconds", "card_activity")
        assert run.gauges[name, labels] == 1795446000

        controller = Controller(objects, fake.node)
        fake.plan({"materialize": {"timestamp-card_activity": "NaN"}})
        assert controller.trigger("card-fraud-materialize", "nothing-new").gauges == {}
        fake.plan({"materialize": {"timestamp-card_activity": "soon"}})
        with pytest.raises(Broken, match="soon is no number"):
            controller.trigger("card-fraud-materialize", "nonsense")

    def test_a_mount_that_is_read_only_is_held_to_be(self, objects: list[dict[str, Any]], fake: Fake) -> None:
        fake.plan({"build-dataset": {"spoil": True}})
        with pytest.raises(Broken, match="read-only"):
            train(objects, fake)

    def test_a_mistake_in_the_rendered_files_ends_the_run(self, objects: list[dict[str, Any]], fake: Fake) -> None:
        template(objects, "split")["inputs"]["artifacts"][0]["path"] = "/data/dataset"
        with pytest.raises(Broken, match="/data/dataset is in no mount"):
            train(objects, fake)

    @pytest.mark.parametrize(
        ("step", "path", "value", "complaint"),
        [
            ("train", "container.args", ["step", "{{inputs.parameters.unknown}}"], "nothing is known of"),
            ("train", "container.command", ["python"], "the image has no program python"),
            ("gate", "inputs.parameters", [{"name": "threshold"}], "gate is not given threshold"),
            ("train", "container.volumeMounts", [{"name": "scratch", "mountPath": "/scratch"}], "no volume scratch"),
            ("train", "script", {}, "does not know script"),
            ("train", "synchronization", {"mutex": {"name": "registry"}}, "does not know .*mutex"),
        ],
    )
    def test_what_the_cluster_would_not_take_is_not_taken_here(
        self, objects: list[dict[str, Any]], fake: Fake, step: str, path: str, value: object, complaint: str
    ) -> None:
        *parents, last = path.split(".")
        owner = template(objects, step)
        for part in parents:
            owner = owner[part]
        owner[last] = value
        with pytest.raises(Broken, match=complaint):
            train(objects, fake)

    def test_a_secret_and_a_config_map_have_to_be_there(self, objects: list[dict[str, Any]], fake: Fake) -> None:
        with pytest.raises(Broken, match="no key username in a secret feast-redis"):
            Controller(objects, replace(fake.node, secrets={})).trigger("card-fraud-materialize", "run")
        volumes = next(obj for obj in objects if obj["kind"] == "WorkflowTemplate")["spec"]["volumes"]
        features = next(volume["configMap"]["name"] for volume in volumes if volume["name"] == "features")
        without = [obj for obj in objects if obj["metadata"]["name"] != features]
        with pytest.raises(Broken, match=f"there is no ConfigMap {features}"):
            Controller(without, fake.node).trigger("card-fraud-materialize", "other")

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("a.Succeeded", True),
            ("a", True),
            ("b.Succeeded", False),
            ("b", False),
            ("a.Succeeded && b.Succeeded", False),
            ("a.Succeeded || b.Succeeded && b.Succeeded", True),
            ("(a.Succeeded || b.Succeeded) && b.Succeeded", False),
            ("!b.Succeeded && b.Failed", True),
        ],
    )
    def test_conditions_are_read_as_argo_reads_them(self, expression: str, value: bool) -> None:
        assert holds(expression, {"a": "Succeeded", "b": "Failed"}) is value

    @pytest.mark.parametrize("expression", ["a.Succeeded &&& b", "a b", "c.Succeeded", "a == b"])
    def test_what_is_no_condition_is_told(self, expression: str) -> None:
        with pytest.raises(Broken):
            holds(expression, {"a": "Succeeded", "b": "Failed"})

    def test_a_value_is_not_looked_at_again(self) -> None:
        assert substituted("{{a}} {{b}}", {"a": "{{b}}", "b": "2"}) == "{{b}} 2"


class TestKfp:
    @pytest.fixture
    def documents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        (file,) = (GENERATED / "dev").rglob(f"ir/{TRAINING}.yaml")
        ir, platform = yaml.safe_load_all(file.read_text(encoding="utf-8"))
        return ir, platform

    @pytest.fixture
    def maps(self) -> list[dict[str, Any]]:
        return [
            document
            for path in sorted((GENERATED / "dev").rglob("manifests/*.yaml"))
            for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
        ]

    def test_tasks_run_in_order_with_files_values_and_secrets(
        self, documents: tuple[dict[str, Any], dict[str, Any]], maps: list[dict[str, Any]], fake: Fake
    ) -> None:
        run = Launcher(*documents, maps, fake.node).run("run", {"git-commit": "abc"})

        assert run.status == "SUCCEEDED"
        assert fake.verbs[0] == "materialize"
        assert fake.verbs[-1] == "register"
        assert fake.call("split")["contents"] == {"dataset": "build-dataset dataset"}
        words = fake.call("register")["words"]
        assert {"git-commit=abc", "dataset-hash=build-dataset dataset-hash"} <= set(words)
        assert fake.call("materialize")["variables"]["FEAST_ONLINE_USERNAME"] == "feast"
        assert not any("{{" in word for call in fake.calls for word in call["words"])

    def test_a_task_that_breaks_is_tried_again_and_what_waits_for_it_is_skipped(
        self, documents: tuple[dict[str, Any], dict[str, Any]], maps: list[dict[str, Any]], fake: Fake
    ) -> None:
        fake.plan({"split": {"codes": [1, 0]}, "gate": {"codes": [3] * 9}})
        run = Launcher(*documents, maps, fake.node).run("run")

        assert fake.verbs.count("split") == 2
        assert (run.status, run.tasks["gate"].status, run.tasks["register"].status) == ("FAILED", "FAILED", "SKIPPED")

    def test_a_value_that_was_not_written_fails_the_task(
        self, documents: tuple[dict[str, Any], dict[str, Any]], maps: list[dict[str, Any]], fake: Fake
    ) -> None:
        fake.plan({"train": {"forgets": ["run-id"]}})

        assert Launcher(*documents, maps, fake.node).run("run").tasks["train"].status == "FAILED"

    def test_a_placeholder_of_nothing_ends_the_run(
        self, documents: tuple[dict[str, Any], dict[str, Any]], maps: list[dict[str, Any]], fake: Fake
    ) -> None:
        ir, platform = documents
        words = ir["deploymentSpec"]["executors"]["exec-split"]["container"]["args"]
        words[:] = [word.replace("['dataset']", "['data']") for word in words]
        with pytest.raises(Broken, match="nothing is known of"):
            Launcher(ir, platform, maps, fake.node).run("run")


def test_paths_are_found_alone_and_behind_a_name_and_nowhere_else(fake: Fake) -> None:
    pod = Pod(fake.node, "pod", {"/tmp": None, "/workspace": None, "/workspace/deep": {}})
    deep, work = pod.inside("/workspace/deep"), pod.inside("/workspace")

    assert pod.placed("/workspace/deep/file") == f"{deep}/file"
    assert pod.placed("data=/workspace/in/data") == f"data={work}/in/data"
    assert pod.placed("/workspaces") == "/workspaces"
    assert pod.placed("see /workspace") == "see /workspace"
