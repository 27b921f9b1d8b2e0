"""Compute the key of a step: its part of the Blueprint, inputs, the user's code, data and the run time.

A commit's hash is not part of it; the registry's location is, because another registry lacks the versions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.blueprint.model.training_contract import training_contract
from mlopsctl.runtime.local.fingerprints import Fingerprints
from mlopsctl.runtime.local.imports import Imports
from mlopsctl.runtime.local.local_stores import sources
from mlopsctl.runtime.model import user_code

READS_DATA = ("materialize", "build-dataset", "monitor")
"""The steps that read sources, as of the run time."""
RUNS_CODE = ("build-dataset", "train", "evaluate", "check-model", "register", "monitor")
"""The steps that run the user's code, or keep a copy of it. `build-dataset` runs only the transforms."""
_TOLD, _TAGGED = frozenset({"git-commit"}), frozenset({"spec-hash"})
"""Parameters that do not change a step's outputs; the hash of the spec is a tag of the version."""


def key(
    blueprint: Blueprint,
    step: Step,
    parameters: Mapping[str, str],
    inputs: Mapping[str, str],
    around: Mapping[str, str],
) -> str:
    """Hash a step's dependencies; `around` has the hashes of code, transforms, data and run time by name."""
    idle = _TOLD if step.verb == "register" else _TOLD | _TAGGED
    counted = {name: value for name, value in parameters.items() if name not in idle}
    parts = ["tool", *(("data", "now") if step.verb in READS_DATA else ())]
    parts += ["transforms" if step.verb == "build-dataset" else "code"] if step.verb in RUNS_CODE else []
    facts = [step.verb, _part(blueprint, step.verb), counted, inputs, {name: around[name] for name in parts}]
    text = json.dumps(to_builtins(facts), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _part(blueprint: Blueprint, verb: str) -> Any:
    """Return the part of the Blueprint that a verb reads; for a verb that is not listed, all that steps can read."""
    part = _PARTS.get(verb)
    return part(blueprint) if part else (blueprint.features, blueprint.model, blueprint.checks)


def _task(blueprint: Blueprint) -> Any:
    model = blueprint.model
    return (model.task, model.label.column, model.label.type) if model else ()


def _stages(blueprint: Blueprint, stage: str) -> Any:
    return (
        [check_stage for check_stage in blueprint.checks.stages if check_stage.stage == stage]
        if blueprint.checks
        else ()
    )


def _contract(blueprint: Blueprint) -> Any:
    return training_contract(blueprint)


def _gates(blueprint: Blueprint) -> Any:
    return blueprint.checks.gates if blueprint.checks else ()


def _live(blueprint: Blueprint) -> Any:
    return (blueprint.features, blueprint.model, blueprint.checks.live if blueprint.checks else ())


_PARTS: Mapping[str, Callable[[Blueprint], Any]] = {
    "materialize": lambda b: b.features,
    "build-dataset": lambda b: (b.features, _task(b), b.model and (b.model.label, b.model.features)),
    "check-data": lambda b: (_task(b), _contract(b), _stages(b, "data")),
    "split": lambda b: (_task(b), b.model and b.model.split),
    "check-split": lambda b: (_task(b), _stages(b, "split")),
    "train": lambda b: (b.features, b.model),
    "evaluate": lambda b: (b.features, b.model, [gate.metric for gate in _gates(b)]),
    "check-model": lambda b: (_task(b), _stages(b, "model")),
    "gate": _gates,
    "register": lambda b: (b.identity, b.features, b.model),
    "monitor": _live,
}


def code(blueprint: Blueprint, home: Path, fingerprints: Fingerprints) -> str:
    """Hash the user's packages: those that the spec names, or all modules in the spec's folder for a command."""
    named_files: list[tuple[str, Path]] = []
    for place in code_places(blueprint, home):
        files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if _counts(file))
        named_files += [(file.relative_to(home).as_posix(), file) for file in files]
    return fingerprints.together(named_files)


def code_places(blueprint: Blueprint, home: Path) -> list[Path]:
    """List the files and folders of the user's code."""
    tops = {*user_code.packages(_functions(blueprint))}
    if blueprint.model and blueprint.model.command:
        tops.update(file.stem for file in user_code.modules_in(home))
    return [place for top in sorted(tops) for place in (home / f"{top}.py", home / top)]


def transforms(blueprint: Blueprint, home: Path, fingerprints: Fingerprints) -> str:
    """Hash the code and files of the transforms' functions: modules that they import, and files next to them.

    The hash covers all of their packages if a module imports by a computed name, or cannot be read.
    """
    functions = _transforms(blueprint)
    reached = Imports(home).reached(function.partition(":")[0] for function in functions)
    folders = [home / top for top in user_code.packages(functions)]
    module_files = {
        file
        for folder in folders
        for file in folder.rglob("*")
        if _counts(file) and (reached.open or file.suffix != ".py")
    }
    files = sorted({*reached.files, *module_files})
    return fingerprints.together([(file.relative_to(home).as_posix(), file) for file in files])


def _transforms(blueprint: Blueprint) -> list[str]:
    return [transform.function for transform in blueprint.features.transforms] if blueprint.features else []


def _functions(blueprint: Blueprint) -> list[str]:
    entrypoint = blueprint.model.entrypoint if blueprint.model else None
    return [*_transforms(blueprint), *([entrypoint] if entrypoint else [])]


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def data(blueprint: Blueprint, home: Path, fingerprints: Fingerprints) -> str | None:
    """Hash the sources' files; None if a source is not a local file, so that changes cannot be detected."""
    hashes = []
    for source in sources(blueprint):
        if source.path is None or "://" in source.path:
            return None
        hashes += [(source.name, *pair) for pair in _matching(home, source.path, fingerprints)]
    return hashlib.sha256(json.dumps(hashes).encode()).hexdigest()


def _matching(home: Path, path: str, fingerprints: Fingerprints) -> list[tuple[str, str]]:
    """Hash the files a path or pattern names."""
    absolute = home / path
    if "*" not in path:
        return [(path, fingerprints.digest(absolute))]
    base = Path(absolute.anchor)
    return [(str(file), fingerprints.digest(file)) for file in sorted(base.glob(str(absolute.relative_to(base))))]


def tool(version: str, fingerprints: Fingerprints) -> str:
    """Hash mlopsctl's version and steps, because another release may implement a step differently."""
    runtime = Path(__file__).resolve().parent.parent
    files = [
        *sorted(runtime.glob("*.py")),
        *(file for name in _STEPS for file in sorted((runtime / name).glob("*.py"))),
    ]
    return f"{version} {fingerprints.together([(file.relative_to(runtime).as_posix(), file) for file in files])}"


_STEPS = ("steps", "data", "model", "backends", "scoring")
