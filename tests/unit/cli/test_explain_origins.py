"""`mlopsctl explain FILE:LINE` and `mlopsctl explain spec.PATH`, as a person sees them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from blueprints import EXAMPLES

HERE = Path(__file__).parent
Golden = Callable[[Path, str], None]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the payments example, rendered in a repository of its own."""
    from mlopsctl.compiler import check, render
    from mlopsctl.project.discovery import load
    from mlopsctl.tree.plan import EnvironmentTree
    from mlopsctl.tree.write import write

    root = tmp_path_factory.mktemp("payments")
    shutil.copytree(EXAMPLES / "payments", root, dirs_exist_ok=True)
    (root / ".git").mkdir()
    project = load(str(root))
    inputs = dict.fromkeys(["workspace.yaml", "mlops.lock", *(system.file for system in project.documents.systems)], "")
    trees = {
        diagnostic.environment: EnvironmentTree(render(diagnostic), {"inputs": inputs})
        for diagnostic in check(project.documents)[0]
    }
    assert write(root / "generated" / "payments", trees, within=root, durable=False).ok
    return root


@pytest.fixture
def home(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of it."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


PROD, DEV = "generated/payments/prod", "generated/payments/dev"
RULES = f"{PROD}/card-fraud/prometheus/rules/rules.yaml"
LINES = {
    "stale": (RULES, 'view=\\"card_activity\\"}) > 3600'),
    "overdue": (RULES, "}) > 619200"),
    "burning": (RULES, "CardFraudAvailabilityFastBurn"),
    "overridden": (f"{DEV}/card-fraud/kserve/manifests/fraud-scorer.yaml", "minReplicas: 1"),
    "memory": (f"{PROD}/card-fraud/argo-workflows/manifests/train.yaml", 'memory: "16Gi"'),
    "deadline": (f"{PROD}/card-fraud/argo-workflows/manifests/train.yaml", "activeDeadlineSeconds"),
    "cron": (f"{PROD}/card-fraud/argo-workflows/manifests/materialize.yaml", "*/30 * * * *"),
    "feast": (f"{PROD}/shared/feast/repo/card_fraud_features.py", "ttl=timedelta(hours=2)"),
    "secret": (f"{PROD}/shared/secrets/manifests/secrets.yaml", "name: feast-redis"),
    "panel": (f"{PROD}/card-fraud/grafana/dashboards/card-fraud_prod.json", '"title": "card_activity"'),
    "owner": (f"{PROD}/card-fraud/seldon/manifests/fraud-scorer.yaml", ": team-risk"),
}


def at(root: Path, file: str, words: str) -> str:
    """Find the first line of a file with these words."""
    lines = (root / file).read_text().split("\n")
    return f"{file}:{next(n for n, line in enumerate(lines, 1) if words in line)}"


def lasting(text: str) -> str:
    """Leave out hashes and the line numbers of rendered files: the rendered files are another test's fact."""
    return re.sub(r"\(lines? [0-9-]+\)", "(LINES)", re.sub(r"\b[0-9a-f]{10}\b", "HASH", text))


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_explained_in_these_words(name: str, home: Path, run: Any, golden: Golden) -> None:
    """The heading is held to the rendered file itself, and the rest to a golden text."""
    place = at(home, *LINES[name])
    file, _, number = place.rpartition(":")
    ran = run("explain", place)
    assert (ran.code, ran.err) == (0, "")
    heading, _, explanation = ran.out.partition("\n")
    text = (home / file).read_text().split("\n")[int(number) - 1].strip()
    assert heading.startswith(f"{place}: ")
    assert f"{place}: {text}".startswith(heading.removesuffix("…"))
    ranges = re.findall(r"\(lines? (\d+)(?:-(\d+))?\)", explanation)
    assert ranges
    assert all(int(first) <= int(number) <= int(last or first) for first, last in ranges)
    golden(HERE / "explained" / f"{name}.txt", lasting(explanation))


PATHS = {
    "ttl": ("spec.features.views.card_activity.ttl",),
    "another-systems-ttl": ("merchants:spec.features.views.merchant_risk.ttl", "--env", "prod"),
    "objective": ("card-fraud:spec.alerts.slos.availability.objective", "--env", "prod"),
    "override": ("card-fraud:spec.overrides.dev.serving.endpoints.fraud-scorer.replicas.min",),
    "not-set": ("merchants:spec.model.timeout", "--env", "dev"),
    "namespace": ("workspace:spec.environments.prod.namespace", "--env", "prod"),
    "locked": ("lock:environments.prod.models.card-fraud@champion.candidate.uri", "--env", "prod"),
}


@pytest.mark.parametrize("name", PATHS)
def test_what_a_place_reaches_is_listed_in_these_words(name: str, home: Path, run: Any, golden: Golden) -> None:
    ran = run("explain", *PATHS[name])
    assert (ran.code, ran.err) == (0, "")
    golden(HERE / "explained" / f"{name}.txt", lasting(ran.out))


def test_a_whole_file_and_a_folder(home: Path, run: Any, golden: Golden) -> None:
    ran = run("explain", f"{PROD}/merchants/argo-workflows/manifests/materialize.yaml")
    golden(HERE / "explained" / "file.txt", lasting(ran.out))
    files = json.loads(run("explain", PROD, "-o", "json").out)["files"]
    on_disk = [
        str(path.relative_to(home)) for path in (home / PROD).rglob("*") if path.is_file() and path.name[0] != "."
    ]
    assert sorted(file["file"] for file in files) == sorted(on_disk)
    assert all(file["pieces"] for file in files)


def test_paths_are_those_of_the_folder_one_stands_in(home: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    line = at(home, *LINES["memory"])
    folder = home / PROD / "card-fraud" / "argo-workflows"
    monkeypatch.chdir(folder)
    ran = run("explain", line.removeprefix(f"{PROD}/card-fraud/argo-workflows/"))
    assert ran.out.startswith("manifests/train.yaml:")
    assert "--> ../../../../../systems/card-fraud/mlops.yaml:69:" in ran.out
    monkeypatch.chdir(home / "systems" / "merchants")
    assert "merchants:spec.model.task" in run("explain", "spec.model.task").out


def test_as_data_with_every_place(home: Path, run: Any) -> None:
    document = json.loads(run("explain", at(home, *LINES["stale"]), "-o", "json").out)
    assert (document["file"], document["state"], document["diagnostics"]) == (RULES, "rendered", [])
    alert = document["pieces"][0]
    assert (alert["kind"], alert["name"]) == ("alert", "CardFraudCardActivityStale")
    why, held = alert["reasons"]
    assert held["sentence"] == "5m is how long it must hold before anybody is told, as for every derived alert"
    assert why["sentence"] == "3600 s = cadence 15m + every 30m x 1.5, within ttl 2h"
    ttl = next(origin for origin in why["origins"] if origin["path"].endswith(".ttl"))
    assert (ttl["set"], ttl["overridden"]) == (True, False)
    assert (ttl["place"]["file"], ttl["place"]["line"]) == ("systems/card-fraud/mlops.yaml", 43)
    assert set(document) == {"version", "file", "state", "line", "text", "pieces", "diagnostics"}
    reached = json.loads(run("explain", "card-fraud:spec.model.seed", "-o", "json").out)
    (path,) = reached["paths"]
    assert path["origin"]["path"] == "card-fraud:spec.model.seed"
    assert set(path["reaches"]) == {"dev", "prod"}


def test_a_threshold_that_the_ttl_caps_says_so(home: Path, run: Any) -> None:
    spec = home / "systems" / "card-fraud" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("ttl: 2h", "ttl: 50m"))
    assert run("render", ".").code == 0
    ran = run("explain", at(home, RULES, "}) > 3000"))
    assert "3000 s = ttl 50m, which caps cadence 15m + every 30m x 1.5" in ran.out


def test_a_file_that_was_edited_is_told_and_its_other_lines_are_found_again(home: Path, run: Any) -> None:
    file = home / RULES
    line = at(home, *LINES["stale"])
    known = run("explain", line)
    file.write_text("# mine\n" + file.read_text().replace("Stale", "Quiet", 1))
    moved = f"{RULES}:{int(line.rpartition(':')[2]) + 1}"
    ran = run("explain", moved)
    assert ran.code == 0
    assert "warning[MLC950]" in ran.err
    assert "no such line" not in ran.err
    assert ran.out.split("\n")[2:] == known.out.split("\n")[2:]
    mine = run("explain", f"{RULES}:1")
    assert "and the specs have no such line" in mine.err
    assert mine.out == f"{RULES}:1: # mine\n"
    assert json.loads(run("explain", f"{RULES}:1", "-o", "json").out)["state"] == "edited"


def test_a_file_that_is_stale_is_told(home: Path, run: Any) -> None:
    line = at(home, *LINES["stale"])
    spec = home / "systems" / "card-fraud" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("every: 30m", "every: 20m"))
    ran = run("explain", line)
    assert ran.code == 0
    assert "warning[MLC951]: the explained file is stale, and the specs have no such" in ran.err
    document = json.loads(run("explain", line, "-o", "json").out)
    assert (document["state"], document["diagnostics"][0]["code"]) == ("stale", "MLC951")


def test_a_file_that_is_rendered_no_more_is_told(home: Path, run: Any) -> None:
    spec = home / "systems" / "card-fraud" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("max_depth: 6", "max_depth: 7"))
    (run_file,) = (home / PROD / "card-fraud" / "argo-workflows" / "runs").glob("card-fraud-train-*")
    ran = run("explain", str(run_file.relative_to(home)))
    assert ran.code == 2
    assert "is none of the files that the specs give now" in ran.err


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (f"{RULES}:0", "and no line 0"),
        (f"{RULES}:99999", "and no line 99999"),
        (f"{PROD}/card-fraud/prometheus/rules/rule.yaml", "did you mean `rules.yaml`?"),
        ("nowhere/at-all.yaml:3", "`nowhere/at-all.yaml` does not exist"),
        ("systems/card-fraud/mlops.yaml:3", "lies in no rendered tree"),
        ("spec.features.views.card_activty.ttl", "did you mean `card_activity`?"),
        ("spec.modle", "did you mean `model`?"),
        ("card-frod:spec.model", "did you mean `card-fraud`?"),
        ("workspace:spec.stack.serving.verson", "did you mean `version`?"),
        ("lock:environments.stage", "`environments` has no `stage`"),
        ("spec.overrides.stage.model.seed", "there is no environment `stage`"),
        ("spec.model.seed.deeper", "`spec.model.seed` has no `deeper`"),
    ],
)
def test_what_is_not_there_is_wrong_use(what: str, said: str, home: Path, run: Any) -> None:
    ran = run("explain", what)
    assert ran.code == 2
    assert said in ran.err


def test_specs_with_errors_are_told_and_nothing_is_explained(home: Path, run: Any) -> None:
    spec = home / "systems" / "card-fraud" / "mlops.yaml"
    spec.write_text(spec.read_text().replace("ttl: 2h", "ttl: 30m"))
    for what in (at(home, *LINES["stale"]), "spec.model.seed"):
        ran = run("explain", what)
        assert ran.code == 1
        assert "error[MLC301]" in ran.err
        assert ran.err.endswith("cannot explain: fix the errors above first\n")
        assert ran.out == ""


def test_a_map_lies_beside_each_unit_where_a_render_is_asked_for_one(home: Path, run: Any) -> None:
    assert run("render", ".", "--origins").code == 0
    maps = sorted(str(path.relative_to(home)) for path in home.rglob(".mlopsctl.origins.json"))
    units = [f"{env}/{unit}" for env in (DEV, PROD) for unit in ("card-fraud", "merchants", "shared")]
    assert maps == [f"{unit}/.mlopsctl.origins.json" for unit in units]
    document = json.loads((home / maps[3]).read_text())
    line = int(at(home, *LINES["stale"]).rpartition(":")[2])
    spans = document["files"]["prometheus/rules/rules.yaml"]
    narrow = min((span for span in spans if span[0] <= line <= span[1]), key=lambda span: span[1] - span[0])
    piece = document["pieces"][narrow[2]]
    assert (piece["kind"], piece["name"]) == ("alert", "CardFraudCardActivityStale")
    assert "card-fraud:spec.features.views.card_activity.ttl" in piece["origins"]
    before = [(home / source_map).read_bytes() for source_map in maps]
    assert run("render", ".", "--origins", "--check").code == 0
    assert run("render", ".", "--origins").code == 0
    assert [(home / source_map).read_bytes() for source_map in maps] == before
    assert run("render", ".", "--check").code == 3
    assert run("render", ".").code == 0
    assert not list(home.rglob(".mlopsctl.origins.json"))


def test_a_default_of_an_environment_is_named_before_the_workspaces(project: Path, run: Any) -> None:
    text = (project / "workspace.yaml").read_text()
    text = text.replace("{namespace: ml-dev}", "{namespace: ml-dev, defaults: {retries: 1}}")
    (project / "workspace.yaml").write_text(
        text.replace("  environments:\n", "  defaults: {retries: 3}\n  environments:\n")
    )
    assert run("render").code == 0
    for environment, limit, line in (("dev", '"1"', "dev: {namespace"), ("prod", '"3"', "defaults: {retries: 3}")):
        manifest = f"generated/acme/{environment}/card-fraud/argo-workflows/manifests/train.yaml"
        ran = run("explain", at(project, manifest, f"limit: {limit}"))
        assert ran.code == 0, ran
        assert at(project, "workspace.yaml", line) in ran.out, ran.out
