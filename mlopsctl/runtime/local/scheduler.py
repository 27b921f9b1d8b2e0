"""Walk the steps of a training run, then of the monitor, in dependency order.

A step with the same key as its last success is reused; the run stops at the first failed step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE, Pipeline, Step, StepParameter
from mlopsctl.runtime.local import keys, process, state
from mlopsctl.runtime.local.fingerprints import Fingerprints
from mlopsctl.runtime.local.layers import layers
from mlopsctl.runtime.local.layout import Layout
from mlopsctl.runtime.local.state import Record
from mlopsctl.runtime.local.step_channel import Request
from mlopsctl.runtime.local.step_server import StepServer

REUSED, DONE, REFUSES, BROKE, NOT_REACHED = "reused", "done", "refused", "broke", "not reached"


@dataclass(frozen=True, slots=True)
class Ended:
    """A step with its result; `record` is None if it was not reached."""

    step: Step
    state: str
    record: Record | None

    @property
    def failed(self) -> bool:
        """Return whether the step failed, which ends the run."""
        return self.state in (REFUSES, BROKE)


class Observer(Protocol):
    """An observer of a run's progress."""

    def started(self, step: Step, place: int, count: int) -> None:
        """Handle the start of a step."""

    def tick(self, step: Step, seconds: float, log: Path) -> None:
        """Handle the progress of a running step."""

    def ended(self, ended: Ended, place: int, count: int) -> None:
        """Handle the result of a step."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: `parameters` are the pipeline's, `around` hashes of code, data and run time, `again` steps not to be
    reused, `program` the words before the verb, `keep` descriptors that hold the lock, `server` what forks
    steps, where steps are forked.
    """

    blueprint: Blueprint
    layout: Layout
    now: datetime
    parameters: Mapping[str, str]
    around: Mapping[str, str]
    fingerprints: Fingerprints
    program: Sequence[str]
    environ: Mapping[str, str]
    observer: Observer
    clock: Callable[[], datetime]
    again: frozenset[str] = frozenset()
    keep: tuple[int, ...] = ()
    server: StepServer | None = None


def steps(blueprint: Blueprint) -> tuple[Step, ...]:
    """List the steps of a local run, in order, without those that need permissions in a cluster."""
    chosen: list[Pipeline] = [
        pipeline for purpose in ("train", "monitor") for pipeline in blueprint.pipelines if pipeline.purpose == purpose
    ]
    return tuple(step for pipeline in chosen for step in pipeline.steps if not step.permissions)


def walk(run: Run) -> tuple[Ended, ...]:
    """Run or reuse each step."""
    order = steps(run.blueprint)
    ended: dict[str, Ended] = {}
    for place, step in enumerate(order, 1):
        if any(step_ended.failed for step_ended in ended.values()):
            ended[step.name] = Ended(step, NOT_REACHED, None)
            continue
        ended[step.name] = _step_ended(run, order, place, ended)
    return tuple(ended.values())


def _step_ended(run: Run, order: Sequence[Step], place: int, before: Mapping[str, Ended]) -> Ended:
    """Do or reuse the step at a place, counted from one."""
    step, count = order[place - 1], len(order)
    parameters = {parameter.name: _value(run, parameter, before) for parameter in step.parameters}
    key = keys.key(run.blueprint, step, parameters, _inputs(step, before), run.around)
    last = state.read(run.layout.step(step.name))
    if (
        last
        and last.key == key
        and last.code == 0
        and step.name not in run.again
        and _outputs_unchanged(run, step, last)
    ):
        ended = Ended(step, REUSED, last)
    else:
        run.observer.started(step, place, count)
        ended = _done(run, step, key, parameters, order[place:])
    run.observer.ended(ended, place, count)
    return ended


def _value(run: Run, parameter: StepParameter, before: Mapping[str, Ended]) -> str:
    """Return a parameter's value: its own, the pipeline's, or an earlier step's output parameter."""
    if parameter.value is not None:
        return parameter.value
    if parameter.pipeline is not None:
        return run.parameters[parameter.pipeline]
    record = before[parameter.step or ""].record
    return record.parameters.get(parameter.output or "", "") if record else ""


def _inputs(step: Step, before: Mapping[str, Ended]) -> dict[str, str]:
    """Return the hash of each input, and of the steps that it depends on without reading them."""
    hashes = {}
    for input_ in step.inputs:
        record = before[input_.step].record
        hashes[input_.name] = record.outputs.get(input_.output, "") if record else ""
    if step.verb == "monitor":
        record = before["register"].record if "register" in before else None
        hashes["version"] = record.parameters.get("version", "") if record else ""
    return hashes


def _outputs_unchanged(run: Run, step: Step, last: Record) -> bool:
    """Return whether the step's outputs still exist, unchanged."""
    folder = run.layout.step(step.name)
    return all(run.fingerprints.digest(folder / name) == digest for name, digest in last.outputs.items())


def _done(run: Run, step: Step, key: str, parameters: Mapping[str, str], later: Sequence[Step]) -> Ended:
    """Run a step in a new folder, which replaces the previous one when the step has ended."""
    folder = run.layout.step(step.name)
    partial = folder.with_name(f"{step.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    ended = _process_ended(run, step, _command(run, step, parameters, partial), later)
    record = _record(run, step, key, ended, partial)
    state.write(partial, record)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return Ended(step, {0: DONE, GATE_REJECTED_CODE: REFUSES}.get(ended.code, BROKE), record)


def _process_ended(run: Run, step: Step, command: Sequence[str], later: Sequence[Step]) -> process.Exit:
    """Run a step's command line to its end: forked by the server, or started as a process of its own."""
    log = run.layout.log(step.name)

    def tick(seconds: float) -> None:
        run.observer.tick(step, seconds, log)

    if run.server:
        needed, *shared = (layers(run.blueprint, each.verb) for each in (step, *later))
        forked = run.server.run(Request(tuple(command), needed, tuple(shared)), log, tick)
        if forked:
            return forked
    return process.run(command, run.layout.home, run.environ, log, tick, run.keep)


def _record(run: Run, step: Step, key: str, ended: process.Exit, folder: Path) -> Record:
    return Record(
        step=step.name,
        key=key,
        code=ended.code,
        seconds=round(ended.seconds, 3),
        cpu=round(ended.cpu, 3),
        peak=ended.peak,
        ended=run.clock().isoformat(timespec="seconds"),
        parameters={
            output_parameter.name: _parameter_text(folder / output_parameter.name) or output_parameter.default
            for output_parameter in step.output_parameters
        },
        outputs={output.name: run.fingerprints.digest(folder / output.name) for output in step.outputs},
    )


def _parameter_text(file: Path) -> str:
    return file.read_text() if file.is_file() else ""


def _command(run: Run, step: Step, parameters: Mapping[str, str], folder: Path) -> list[str]:
    """Return the command line, the same as any engine's but for its paths and the moment."""
    layout = run.layout
    arguments = [*run.program, step.verb, "--blueprint", str(layout.blueprint), "--features", str(layout.features)]
    for input_ in step.inputs:
        arguments += ["--in", f"{input_.name}={layout.step(input_.step) / input_.output}"]
    for name in (*(output.name for output in step.outputs), *(output.name for output in step.output_parameters)):
        arguments += ["--out", f"{name}={folder / name}"]
    for name, value in parameters.items():
        arguments += ["--set", f"{name}={value}"]
    if step.gauges:
        arguments += ["--metrics", str(layout.metrics / f"{step.name}.prom")]
    return [*arguments, "--now", run.now.isoformat()]
