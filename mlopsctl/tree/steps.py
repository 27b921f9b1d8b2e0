"""Convert a plan to steps: new content is written to the stage, and each change becomes one rename."""

from __future__ import annotations

from contextlib import nullcontext

from mlopsctl.tree import folder, index
from mlopsctl.tree.fileset import FileSet
from mlopsctl.tree.journal import Kind, Step
from mlopsctl.tree.os_errors import at
from mlopsctl.tree.plan import EnvironmentPlan, Plan, UnitPlan
from mlopsctl.tree.stage import Stage


def staged(base: int, stage: Stage, plan: Plan) -> tuple[Step, ...]:
    """Write all new content to the stage; return the steps that swap it in."""
    steps: list[Step] = []
    for environment in plan.environments:
        with at(environment.name):
            exists = folder.is_folder(base, environment.name)
            with folder.opened(base, environment.name) if exists else nullcontext() as target:
                steps += _environment(target, stage, environment)
    with at(stage.name):
        stage.settle()
    return tuple(steps)


def _environment(target: int | None, stage: Stage, plan: EnvironmentPlan) -> list[Step]:
    """Return the steps of one environment: its units, then their index."""
    steps = [_unit(target, stage, unit) for unit in plan.units if unit.change.verdict != "unchanged"]
    if plan.new_index is not None:
        slot = stage.put_text(plan.new_index)
        kind: Kind = "swap" if plan.index_exists else "place"
        steps.append(_moving(stage, Step(kind, plan.name, index.NAME, slot)))
    elif target is not None and plan.index_goes:
        steps.append(_drop(target, stage, plan.name, index.NAME))
        steps.append(Step("close", plan.name))
    return steps


def _unit(target: int | None, stage: Stage, plan: UnitPlan) -> Step:
    environment, unit = plan.change.environment, plan.change.system
    with at(f"{environment}/{unit}"):
        if target is None or not plan.exists:
            slot = stage.put_unit(plan.file_set, None, ())
            return _moving(stage, Step("place", environment, unit, slot))
        ours = _no_longer(plan.known_paths, plan.file_set)
        if plan.change.verdict == "pruned" and not plan.carried:
            return _drop(target, stage, environment, unit, ours)
        with folder.opened(target, unit) as origin:
            slot = stage.put_unit(plan.file_set, origin, plan.carried)
        return _moving(stage, Step("swap", environment, unit, slot, ours=ours))


def _no_longer(known_paths: tuple[str, ...], file_set: FileSet) -> tuple[str, ...]:
    """Return the files of the old unit that the new one lacks."""
    paths = set(file_set.paths)
    return tuple(path for path in known_paths if path not in paths)


def _moving(stage: Stage, step: Step) -> Step:
    """Record the slot's inode, which later shows whether the step was executed."""
    return step._replace(inode=folder.inode(stage.fd, step.slot) or 0)


def _drop(target: int, stage: Stage, environment: str, name: str, ours: tuple[str, ...] = ()) -> Step:
    return Step("drop", environment, name, stage.slot(), folder.inode(target, name) or 0, ours)
