"""One edited system among many: `plan`, beside the same edit among two, and beside `git diff` of the rendered tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.installed import Install
from benchmarks.measure import Command, interleaved, table
from benchmarks.workspace import workspace

_EDITED = "systems/fraud-0000/mlops.yaml"


def run(folder: Path, install: Install, count: int, rounds: int) -> str:
    """Measure a change of one parameter in a workspace of `count` systems and in one of two."""
    many, two = (_edited(workspace(folder / f"changes-{number}", number), install) for number in (count, 2))
    commands = {
        f"mlopsctl plan, {count} systems": Command([install.mlopsctl, "plan"], many),
        "mlopsctl plan, 2 systems": Command([install.mlopsctl, "plan"], two),
        f"git diff of the rendered tree, {count} systems": Command(["git", "diff"], many),
    }
    figures = interleaved(commands, rounds)
    own = figures["mlopsctl plan, 2 systems"]
    rows = [
        [
            name,
            f"{figure.cpu * 1000:.0f}",
            f"{figure.wall * 1000:.0f}",
            f"{figure.cpu / own.cpu:.1f}",
            f"{figure.memory:.0f}",
        ]
        for name, figure in figures.items()
    ]
    head = ["command", "CPU ms", "wall ms", "times the plan of 2", "peak MiB"]
    return table(f"One edited system of {count}", head, rows)


def _edited(home: Path, install: Install) -> Path:
    """Commit a workspace with its tree, then edit one system and render it again."""
    _git(home, "init", "--quiet")
    subprocess.run([install.mlopsctl, "render"], cwd=home, check=True, capture_output=True)
    _git(home, "add", "--all", "--force")
    _git(home, "-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "-m", "before")
    spec = home / _EDITED
    spec.write_text(spec.read_text().replace("max_depth: 6", "max_depth: 7"))
    subprocess.run([install.mlopsctl, "render"], cwd=home, check=True, capture_output=True)
    return home


def _git(home: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=home, check=True, capture_output=True)
