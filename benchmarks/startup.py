"""Start-up: what one command costs beside an empty Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.installed import ROOT, Install
from benchmarks.measure import Command, interleaved, table

REACH = {"--help": 5, "validate": 18, "render": 22}


def run(folder: Path, install: Install, rounds: int) -> str:
    """Measure `--help`, a cold validate and a cold render of the quickstart."""
    home = folder / "startup"
    shutil.copytree(ROOT / "examples" / "quickstart", home)
    (home / ".git").mkdir()

    def unrendered() -> None:
        shutil.rmtree(home / "generated", ignore_errors=True)

    figures = interleaved(
        {
            "python -c pass": Command([install.python, "-c", "pass"]),
            "--help": Command([install.mlopsctl, "--help"]),
            "validate": Command([install.mlopsctl, "validate"], home),
            "render": Command([install.mlopsctl, "render"], home, unrendered),
        },
        rounds,
    )
    bare = figures["python -c pass"].cpu
    rows = [
        [
            name,
            f"{f.cpu * 1000:.0f}",
            f"{f.cpu / bare:.1f}",
            f"{REACH[name]}" if name in REACH else "",
            f"{f.memory:.0f}",
        ]
        for name, f in figures.items()
    ]
    return table("Start-up", ["command", "CPU ms", "times bare Python", "reach", "peak MiB"], rows)
