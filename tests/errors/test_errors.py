"""Every code a spec can have, as a person meets it: a small project, and exactly what `mlopsctl validate` prints.

A folder is named by its code and what is wrong. `expected.txt` is the golden text. What no small text file can be, or
what would take a megabyte, is made when the test runs. The codes MLC9xx are about the output tree and not about specs:
they are tested with the tree.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mlopsctl import cli
from mlopsctl.diagnostics import codes

HERE = Path(__file__).resolve().parent
ABOUT_THE_TREE = "MLC9"

# Codes that no spec brings up today, each with the reason why it is there.
GUARDS = {
    "MLC830": "each serving engine has a server for every flavor of the language; the target's own test takes one away",
    "MLC890": "it needs a broken package: tests/unit/engines/test_plugins.py lays one out a case",
    "MLC891": "it needs packages with one name: tests/unit/engines/test_plugins.py lays them out",
}
# Cases that bring up a second code, and which: nothing else can be said of such a file.
# A spec that chooses Cortex is told of its end; one that chooses Etiq is told of its licence, and of what no step runs.
COMPANIONS = {
    "MLC022-a-hundred-duplicates": {"MLC004"},
    "MLC703-model-server": {"MLC517"},
    "MLC720-model-of-a-server": {"MLC501", "MLC513"},
    **{case: {"MLC517"} for case in ("MLC838-no-image", "MLC839-name-of-a-queue", "MLC840-twins")},
    **{case: {"MLC517"} for case in ("MLC841-accelerator", "MLC842-steps")},
    **{case: {"MLC517", "MLC859"} for case in ("MLC856-measure", "MLC856-kolmogorov-smirnov", "MLC856-no-pair")},
    **{case: {"MLC517"} for case in ("MLC857-suite", "MLC858-live", "MLC859-no-step")},
    **{case: {"MLC517"} for case in ("MLC886-hosted", "MLC887-no-workspace", "MLC888-alias")},
    "MLC889-address-of-mlflow": {"MLC517", "MLC888"},
}

SYSTEM = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {{name: {name}, owner: team-risk}}
spec:
  data:
    sources:
      {id}_stats:
        {{type: parquet, path: data/{id}.parquet, eventTime: ts, columns: {{card_id: {{type: string}}, {columns}}}}}
  features:
    entities: {{card: {{key: card_id, type: string}}}}
    views:
      {id}_view: {{entity: card, source: {id}_stats, ttl: 1d, fields: [{fields}]}}
"""
WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {{name: acme}}
spec:
  systems: [systems/*/mlops.yaml]
  git: {{repository: https://git.example.com/acme/ml}}
  stack:
    pipelines: {{engine: {pipelines}}}
    features: {{engine: feast, registry: s3://acme/registry.db, online: {{type: redis, connection: "redis:6379"}}}}
  environments: {{prod: {{namespace: ml}}}}
"""


def workspace(folder: Path, systems: int, columns: int, pipelines: str) -> None:
    """Write a workspace of equal systems, each with so many columns."""
    (folder / "workspace.yaml").write_text(WORKSPACE.format(pipelines=pipelines))
    for number in range(systems):
        names = [f"c{i:04}_{'x' * (50 if columns > 1 else 0)}" for i in range(columns)]
        listed = ", ".join(f"{name}: {{type: int64}}" for name in names)
        text = SYSTEM.format(name=f"s{number}", id=f"s{number}", columns=listed, fields=", ".join(names))
        (folder / "systems" / f"s{number}").mkdir(parents=True)
        (folder / "systems" / f"s{number}" / "mlops.yaml").write_text(text)


def expression(folder: Path) -> None:
    """Move a workspace with a workflow into a folder whose name GitHub would evaluate."""
    below = folder / "${{ github.token }}"
    below.mkdir()
    workspace(below, 1, 1, "argo-workflows")
    file = below / "workspace.yaml"
    file.write_text(file.read_text().replace("  stack:\n", "  stack:\n    ci: {engine: github}\n"))


MADE: dict[str, Callable[[Path], None]] = {
    "MLC001-a-pipe": lambda folder: os.mkfifo(folder / "mlops.yaml"),
    "MLC011-two-megabytes": lambda folder: (folder / "mlops.yaml").write_text("# rows\n" * 300_000) and None,
    "MLC808-columns": lambda folder: workspace(folder, 5, 3500, "argo-workflows"),
    "MLC883-an-expression": expression,
    "MLC822-systems": lambda folder: workspace(folder, 201, 1, "kfp"),
}
ARGUMENTS = {
    "MLC001-a-pipe": ["mlops.yaml"],
    "MLC883-an-expression": ["${{ github.token }}"],
    "MLC884-a-name-of-its-own": ["acme.yaml"],
}

FOLDERS = sorted(path.name for path in HERE.iterdir() if path.is_dir() and re.match(r"MLC\d{3}-", path.name))
CASES = sorted({*FOLDERS, *MADE})


class Run(NamedTuple):
    """What a person sees of a run, and its exit code."""

    code: object
    text: str


Validate = Callable[..., Run]


@pytest.fixture
def validate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Validate:
    """Run `mlopsctl validate` in a case's folder: a copy, so that nothing around the checkout has a say."""

    def run(case: str, *arguments: str) -> Run:
        folder = tmp_path / "case"
        if case in MADE:
            folder.mkdir()
            MADE[case](folder)
        else:
            shutil.copytree(HERE / case, folder)
        (folder / ".git").mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setattr("sys.argv", ["mlopsctl", "validate", *ARGUMENTS.get(case, []), *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        seen = capsys.readouterr()
        return Run(ended.value.code, seen.err + seen.out)

    return run


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_reported_in_these_words(
    case: str, validate: Validate, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / case / "expected.txt", validate(case).text)


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_own_code_and_no_other_and_the_right_exit_code(case: str, validate: Validate) -> None:
    run = validate(case, "-o", "json")
    document = json.loads(run.text)
    codes = {finding["code"] for finding in document["diagnostics"]}
    assert codes == {case[:6], *COMPANIONS.get(case, ())}
    assert run.code == (1 if document["summary"]["errors"] else 0)


@pytest.mark.parametrize("code", [code.code for code in codes.ALL if not code.code.startswith(ABOUT_THE_TREE)])
def test_every_code_about_specs_has_a_case(code: str) -> None:
    cases = [case for case in CASES if case.startswith(f"{code}-")]
    assert bool(cases) != (code in GUARDS), "add a folder, or say why no spec can bring the code up"


def test_no_case_is_left_of_a_code_that_is_gone() -> None:
    known = {code.code for code in codes.ALL}
    assert [case for case in CASES if case[:6] not in known] == []
    assert [code for code in GUARDS if code not in known] == []


@pytest.mark.parametrize("case", CASES)
def test_no_expected_text_holds_a_word_of_this_machine(case: str) -> None:
    text = (HERE / case / "expected.txt").read_text(encoding="utf-8")
    assert "internal error" not in text
    assert "Traceback" not in text
    assert str(HERE) not in text
