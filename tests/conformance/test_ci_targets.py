"""What pull requests are checked by: read by the real linters and schemas of the hosts, and the same every time."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml
from msgspec.structs import replace
from projects import SPEC, WORKSPACE, checked

from mlopsctl.catalogue.stages import CI
from mlopsctl.compiler import render_repository, repository_places
from mlopsctl.engines.known import engines
from mlopsctl.tree.repository import sealed

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ci"
ENGINES = [engine.name for engine in engines(CI)]
HOSTILE = [
    "a b",
    "-rf",
    "it's",
    'say "no"',
    "$HOME",
    "$(id)",
    "`id`",
    "a;b",
    "a\nb: c",
    "#x",
    "no",
    "ünï",
    "{{x}}",
    "\\",
]
PINNED = re.compile(r"[a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


class Case(NamedTuple):
    """One workspace: where its file lies, and whether it has pins of its own."""

    file: str
    requirements: str = ""


CASES = {"root": Case("workspace.yaml"), "folder": Case("ml/risk/workspace.yaml", "ml/requirements.txt")}


def text(engine: str, case: Case, version: str = "0.0.0") -> str:
    """Render the file of a workspace."""
    pins = f", requirements: {case.requirements}" if case.requirements else ""
    workspace = WORKSPACE.replace("spec:\n", f"spec:\n  stack: {{ci: {{engine: {engine}{pins}}}}}\n", 1)
    shared = replace(checked(SPEC, workspace=workspace).shared[0], file=case.file)
    (file,) = render_repository(shared, version)
    return sealed(file.content, case.file)


@pytest.fixture(params=CASES)
def workflow(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Case, Path]:
    """Give a case and its workflow, at a place like its own."""
    file = tmp_path / ".github" / "workflows" / "x.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text("github", CASES[request.param]), encoding="utf-8")
    return CASES[request.param], file


@pytest.fixture(params=CASES)
def pipeline(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give the file of a pipeline."""
    file = tmp_path / "bitbucket-pipelines.yml"
    file.write_text(text("bitbucket", CASES[request.param]), encoding="utf-8")
    return file


def findings(program: str | Path, *arguments: str) -> str:
    """Return what a linter found; nothing where it is content."""
    path = Path(sys.executable).parent / program
    ran = subprocess.run([str(path), *arguments], capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else ""


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_text_is_this(engine: str, name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{engine}-{name}.yml", text(engine, CASES[name]))


@pytest.mark.parametrize("engine", ENGINES)
def test_each_has_a_place_of_its_own_and_no_other_file(engine: str) -> None:
    workspace = WORKSPACE.replace("spec:\n", f"spec:\n  stack: {{ci: {{engine: {engine}}}}}\n", 1)
    (path,) = render_repository(checked(SPEC, workspace=workspace).shared[0], "1").paths
    assert path in {place.replace("*", "acme") for place in repository_places()}
    assert len(repository_places()) == len(ENGINES)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_workspace_gives_the_same_bytes_whatever_the_surroundings(engine: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "systems" / "a").mkdir(parents=True)
    (tmp_path / "systems" / "a" / "mlops.yaml").write_text(SPEC)
    workspace = WORKSPACE.replace("spec:\n", f"spec:\n  stack: {{ci: {{engine: {engine}}}}}\n", 1)
    (tmp_path / "workspace.yaml").write_text(workspace)
    seen = set()
    for seed, zone in (("1", "UTC"), ("4242", "Pacific/Kiritimati")):
        around = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-m", "mlopsctl", "render"], cwd=tmp_path, env=around, check=True)
        written = [path for path in tmp_path.rglob("*.yml") if "generated" not in path.parts]
        seen.add(tuple((str(output_file), output_file.read_bytes()) for output_file in written))
        for file in written:
            file.unlink()
    assert len(seen) == 1
    assert len(next(iter(seen))) == 1


@pytest.mark.parametrize("persona", ["regular", "pedantic", "auditor"])
def test_an_auditor_finds_nothing_in_a_workflow(workflow: tuple[Case, Path], persona: str) -> None:
    _, file = workflow
    assert findings("zizmor", "--offline", "--no-progress", "--persona", persona, str(file)) == ""


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_a_workflow_fits_its_schema(workflow: tuple[Case, Path], schema: str) -> None:
    _, file = workflow
    assert findings("check-jsonschema", "--builtin-schema", schema, str(file)) == ""


def test_actionlint_finds_nothing_in_a_workflow(workflow: tuple[Case, Path], actionlint: Path) -> None:
    _, file = workflow
    assert findings(actionlint, "-shellcheck=", "-pyflakes=", str(file)) == ""


def test_every_action_is_a_commit_with_its_version_and_no_event_is_in_a_script(
    workflow: tuple[Case, Path],
) -> None:
    _, file = workflow
    lines = file.read_text(encoding="utf-8").splitlines()
    used = [line.partition("uses: ")[2] for line in lines if "uses: " in line]
    assert len(used) >= 5
    assert all(PINNED.fullmatch(action) for action in used)
    for job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values():
        assert all("${{" not in step.get("run", "") for step in job["steps"])


def test_the_job_that_may_write_runs_nothing_of_the_pull_request(workflow: tuple[Case, Path]) -> None:
    case, file = workflow
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    jobs = document["jobs"]
    assert document["permissions"] == {}
    assert jobs["check"]["permissions"] == {"contents": "read"}
    writes = jobs["comment"]["permissions"]
    assert writes == {"pull-requests": "write", **({"contents": "read"} if case.requirements else {})}
    refs = [step["with"]["ref"] for step in jobs["comment"]["steps"] if "checkout" in step.get("uses", "")]
    assert all(".base.sha" in ref and "head" not in ref for ref in refs)
    assert "github.event.pull_request.head.repo.full_name == github.repository" in jobs["comment"]["if"]
    tokens = [(job, step["name"]) for job in jobs for step in jobs[job]["steps"] if "github.token" in str(step)]
    assert tokens == [("comment", "Comment")]
    assert all(
        step["with"]["persist-credentials"] is False
        for job in jobs.values()
        for step in job["steps"]
        if "checkout" in step.get("uses", "")
    )


def strict() -> dict[str, Any]:
    """Return Atlassian's schema, closed where it lets misspelt keys through."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "bitbucket-pipelines.json"
    schema = json.loads(folder.read_text(encoding="utf-8"))
    known = schema["definitions"]
    condition = known["step"]["allOf"][1]["properties"]
    step = {**known["step_base"]["properties"], **condition}
    known["step"] = {"type": "object", "properties": step, "required": ["script"], "additionalProperties": False}
    known["pipelines_configuration"] |= {"additionalProperties": False, "required": ["pipelines"]}
    known["pipelines_configuration"]["properties"]["pipelines"] |= {"additionalProperties": False, "minProperties": 1}
    return schema


def test_a_pipeline_fits_atlassians_schema_closed(pipeline: Path) -> None:
    assert findings("check-jsonschema", "--builtin-schema", "vendor.bitbucket-pipelines", str(pipeline)) == ""
    document = yaml.safe_load(pipeline.read_text(encoding="utf-8"))
    check = jsonschema.Draft7Validator(strict())
    assert [error.message for error in check.iter_errors(document)] == []
    step = document["pipelines"]["pull-requests"]["**"][0]["step"]
    step["scripts"] = step.pop("script")
    assert list(check.iter_errors(document)), "the closed schema sees a misspelt key"


@pytest.mark.parametrize("folder", HOSTILE)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_hostile_folder_stays_the_name_of_a_folder(engine: str, folder: str) -> None:
    plain, hostile = (yaml.safe_load(text(engine, Case(f"{name}/workspace.yaml"))) for name in ("plain", folder))
    if engine == "github":
        steps = [step for job in hostile["jobs"].values() for step in job["steps"]]
        assert {step["working-directory"] for step in steps if "working-directory" in step} == {folder}
        for step in steps:
            if "working-directory" in step:
                step["working-directory"] = "plain"
    else:
        script = hostile["pipelines"]["pull-requests"]["**"][0]["step"]["script"]
        (at,) = [i for i, line in enumerate(script) if line.startswith("cd ")]
        said = subprocess.run(["bash", "-c", f"printf '%s\\0' {script[at][3:]}"], capture_output=True, check=True)
        assert said.stdout.decode() == f"--\0{folder}\0"
        script[at] = shlex.join(["cd", "--", "plain"])
    assert hostile == plain
