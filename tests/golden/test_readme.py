"""The README says what is true: its links lead somewhere, its tree is the committed one, its commands exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from repository import CARD_FRAUD, edit, payments

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_link_to_a_file_leads_to_one():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
        if not target.startswith("http") and not (page.parent / target).exists()
    ]
    assert not broken


def test_every_verb_that_the_readme_names_exists():
    from mlopsctl.cli.group import VERBS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|\$ )mlopsctl ([a-z]+)\b", text)) <= set(VERBS)


def test_the_table_of_engines_is_what_the_catalogue_says(golden):
    from mlopsctl.cli.views.engines_markdown import table

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start, end = "<!-- engines: `make golden` writes this table -->\n", "<!-- /engines -->"
    before, marker, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    assert marker and closed
    golden(ROOT / "README.md", f"{before}{start}\n{table()}\n{end}{after}")


def test_every_file_of_the_readmes_tree_is_committed():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(generated/quickstart/.*?)```", text, re.DOTALL)
    assert block
    folders: list[str] = []
    for line in block[1].splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.strip().split("  ")[0]
        folders[depth:] = [name.rstrip("/")]
        assert (ROOT / "/".join(folders)).exists(), line


def test_the_mistake_looks_as_the_readme_shows_it(tmp_path):
    shutil.copytree(ROOT / "examples/payments", tmp_path / "payments", ignore=shutil.ignore_patterns(".mlops"))
    (tmp_path / "payments/.git").mkdir()
    spec = tmp_path / "payments/systems/card-fraud/mlops.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("ttl: 2h", "ttl: 30m"), encoding="utf-8")
    call = [sys.executable, "-c", "from mlopsctl.cli import main; main()", "validate"]
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    home = tmp_path / "payments"
    done = subprocess.run(call, cwd=home, env=surroundings, capture_output=True, text=True, check=False)
    shown = re.search(r"```\n(error\[.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    assert done.stderr.startswith(shown[1])


def test_the_plan_says_what_the_readme_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    root = payments(tmp_path)
    edit(root, CARD_FRAUD, "txn_count_1h: {type: int64, min: 0}", "txn_count_1h: {type: float64, min: 0}")
    call = [sys.executable, "-c", "from mlopsctl.cli import main; main()", "plan"]
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(call, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    shown = re.search(r"```\n\$ mlopsctl plan\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    said = re.sub(r"HEAD \([0-9a-f]{10}\)", "HEAD", done.stdout).splitlines()
    lines = re.sub(r"HEAD \([0-9a-f]{10}\)", "HEAD", shown[1]).splitlines()
    assert [line for line in lines if line not in said] == []
    assert done.returncode == 1
