"""A whole run of the quickstart: cold, warm, and the same steps by a plain shell script, which is what a runner costs.

In: an interpreter with the extra `run`. Out: the run as a multiple of the script, and what each step takes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import join, quote
from statistics import median

from benchmarks.installed import ROOT
from benchmarks.measure import Command, Figure, interleaved, table
from mlopsctl.blueprint import codec
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step, StepParameter
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.scheduler import steps

REACH = 0.7
"""What a cold run may take of the script's CPU: its steps are forked from processes that have their libraries."""
RUN = [sys.executable, "-m", "mlopsctl", "run"]
FRESH = ["env", "MLOPSCTL_FRESH_STEPS=1", *RUN]


def example(folder: Path) -> Path:
    """Copy the quickstart with its data, run it once, and return its folder."""
    home = folder / "quickstart"
    shutil.copytree(ROOT / "examples" / "quickstart", home, ignore=shutil.ignore_patterns(".mlops", "data"))
    subprocess.run([sys.executable, "make_data.py"], cwd=home, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(RUN, cwd=home, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return home


def run(home: Path, rounds: int) -> str:
    """Measure the run beside the script; every step's cost is that of the cold runs."""
    layout = Layout(home)
    blueprint = codec.loads(layout.blueprint.read_bytes())
    script = home / "steps.sh"
    script.write_text(program(blueprint, layout))
    costs: list[list[Mapping[str, float]]] = []
    figures = interleaved(
        {
            "`run`, cold": Command(RUN, home, lambda: _emptied(layout)),
            "`run`, warm": Command(RUN, home, lambda: costs.append(_costs(layout))),
            "`run`, cold, each step a new process": Command(FRESH, home, lambda: _emptied(layout)),
            "the same steps by `sh`": Command(["sh", "-e", str(script)], home, lambda: _emptied(layout, prepared=True)),
        },
        rounds,
        warm=0,
    )
    bare = figures["the same steps by `sh`"]
    rows = [
        [name, f"{f.wall:.1f}", f"{f.wall / bare.wall:.3f}", f"{f.cpu / bare.cpu:.3f}", f"{f.memory:.0f}"]
        for name, f in figures.items()
    ]
    rows[0][3] += f" (reach {REACH})"
    head = ["the quickstart", "wall s", "times `sh`, wall", "times `sh`, CPU", "peak MiB"]
    return "\n".join([table("A run on one machine", head, rows), _own(figures["`run`, cold"], costs), _by_step(costs)])


def program(blueprint: Blueprint, layout: Layout) -> str:
    """Write the steps' command lines as somebody without a runner would."""
    exported = {"PYTHONPATH": str(layout.home), "MLFLOW_TRACKING_URI": layout.tracking_uri, "PYTHONWARNINGS": "ignore"}
    lines = [f"export {name}={quote(value)}" for name, value in exported.items()]
    for step in steps(blueprint):
        lines.append(join(["mkdir", "-p", str(layout.step(step.name))]))
        lines.append(" ".join(_words(blueprint, layout, step)))
    return "\n".join(lines) + "\n"


def _words(blueprint: Blueprint, layout: Layout, step: Step) -> Iterator[str]:
    """Yield the words of a step's command line; what an earlier step left behind is read by the shell."""
    start = [sys.executable, "-m", "mlopsctl", "step", step.verb]
    yield join([*start, "--blueprint", str(layout.blueprint), "--features", str(layout.features)])
    for input_ in step.inputs:
        yield join(["--in", f"{input_.name}={layout.step(input_.step) / input_.output}"])
    for name in (
        *(output.name for output in step.outputs),
        *(output_parameter.name for output_parameter in step.output_parameters),
    ):
        yield join(["--out", f"{name}={layout.step(step.name) / name}"])
    for parameter in step.parameters:
        yield f"--set {quote(parameter.name)}={_value(blueprint, layout, parameter)}"
    if step.gauges:
        yield join(["--metrics", str(layout.metrics / f"{step.name}.prom")])


def _value(blueprint: Blueprint, layout: Layout, parameter: StepParameter) -> str:
    if parameter.value is not None:
        return quote(parameter.value)
    if parameter.pipeline is not None:
        training = next(pipeline for pipeline in blueprint.pipelines if pipeline.purpose == "train")
        return quote({parameter.name: parameter.default for parameter in training.parameters}[parameter.pipeline])
    left = layout.step(parameter.step or "") / (parameter.output or "")
    return f'"$(cat {quote(str(left))})"'


def _emptied(layout: Layout, *, prepared: bool = False) -> None:
    """Forget the last run; with `prepared` keep what the script reads and does not make."""
    kept = {layout.blueprint, layout.features, layout.feature_registry.parent, layout.metrics} if prepared else set()
    for path in layout.folder.iterdir():
        if path not in kept and path.is_dir():
            shutil.rmtree(path)
        elif path not in kept:
            path.unlink()
    for store in layout.feature_registry.parent.glob("*") if prepared else ():
        store.unlink()


def _costs(layout: Layout) -> list[Mapping[str, float]]:
    steps: list[Mapping[str, float]] = json.loads(layout.result.read_text())["steps"]
    return steps


def _own(cold: Figure, costs: list[list[Mapping[str, float]]]) -> str:
    """Say what the run took beside its steps: what was measured of both, less what the steps took."""
    cpu, wall = (median(sum(sample[name] for sample in each) for each in costs) for name in ("cpu", "seconds"))
    cpu_text, wall_text = f"{cold.cpu / cpu - 1:.1%}", f"{cold.wall / wall - 1:.1%}"
    return f"The runner and shared imports: {cpu_text} of the steps' own CPU, {wall_text} of their time.\n"


def _by_step(runs: list[list[Mapping[str, float]]]) -> str:
    rows = []
    for each in zip(*runs, strict=True):
        seconds, cpu, peak = (median(sample[name] for sample in each) for name in ("seconds", "cpu", "peak"))
        rows.append([str(each[0]["name"]), f"{seconds:.1f}", f"{cpu:.1f}", f"{peak / 2**20:.0f}"])
    return table("Its steps", ["step", "wall s", "CPU s", "peak MiB"], rows)
