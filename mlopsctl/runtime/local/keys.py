"""What a step depends on: its part of the Blueprint, its inputs, the user's code, the data, the moment.

In: a step and what is known before it starts. Out: a key; the step is done again where its key is another than last
time. A commit's hash is no part of it; where the registry lies is, for what was registered there is nowhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from mlopsctl.blueprint.model import Blueprint, Step
from mlopsctl.runtime import user_code
from mlopsctl.runtime.local.fingerprints import Fingerprints
from mlopsctl.runtime.local.laptop import sources

READS_DATA = ("materialize", "build-dataset", "monitor")
"""The steps that read sources, as of a moment."""
RUNS_CODE = ("build-dataset", "train", "evaluate", "check-model", "register", "monitor")
"""The steps that run the user's code, or keep a copy of it."""
_TOLD, _TAGGED = frozenset({"git-commit"}), frozenset({"spec-hash"})
"""Parameters that change nothing of what is made; the hash of the spec is a tag of the version."""


def key(
    blueprint: Blueprint,
    step: Step,
    parameters: Mapping[str, str],
    inputs: Mapping[str, str],
    around: Mapping[str, str],
) -> str:
    """Hash what a step depends on; `around` are hashes by name of code, data and moment."""
    idle = _TOLD if step.verb == "register" else _TOLD | _TAGGED
    counted = {name: value for name, value in parameters.items() if name not in idle}
    wanted = ["tool", *(("data", "now") if step.verb in READS_DATA else ())]
    wanted += ["code"] if step.verb in RUNS_CODE else []
    facts = [step.verb, _part(blueprint, step.verb), counted, inputs, {name: around[name] for name in wanted}]
    text = json.dumps(to_builtins(facts), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _part(blueprint: Blueprint, verb: str) -> Any:
    """Return what a verb reads of the Blueprint; all that steps can read, for a verb that is not listed."""
    part = _PARTS.get(verb)
    return part(blueprint) if part else (blueprint.features, blueprint.model, blueprint.checks)


def _task(blueprint: Blueprint) -> Any:
    model = blueprint.model
    return (model.task, model.label.column, model.label.type) if model else ()


def _stages(blueprint: Blueprint, stage: str) -> Any:
    return [one for one in blueprint.checks.stages if one.stage == stage] if blueprint.checks else ()


def _contract(blueprint: Blueprint) -> Any:
    return blueprint.checks.contract if blueprint.checks else ()


def _gates(blueprint: Blueprint) -> Any:
    return blueprint.checks.gates if blueprint.checks else ()


def _live(blueprint: Blueprint) -> Any:
    return (blueprint.features, blueprint.model, blueprint.checks.live if blueprint.checks else ())


_PARTS: Mapping[str, Callable[[Blueprint], Any]] = {
    "materialize": lambda b: b.features,
    "build-dataset": lambda b: (b.features, b.model and (b.model.label, b.model.features)),
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
    """Hash the user's packages: those that the spec names, or every module beside the spec for a command."""
    tops = {*user_code.packages(_functions(blueprint))}
    if blueprint.model and blueprint.model.command:
        tops.update(each.stem for each in user_code.beside(home))
    found: list[tuple[str, Path]] = []
    for top in sorted(tops):
        file, folder = home / f"{top}.py", home / top
        found += [(file.name, file)] if file.is_file() else []
        found += [(each.relative_to(home).as_posix(), each) for each in sorted(folder.rglob("*")) if _counts(each)]
    return fingerprints.together(found)


def _functions(blueprint: Blueprint) -> list[str]:
    transforms = [one.function for one in blueprint.features.transforms] if blueprint.features else []
    entrypoint = blueprint.model.entrypoint if blueprint.model else None
    return [*transforms, *([entrypoint] if entrypoint else [])]


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def data(blueprint: Blueprint, home: Path, fingerprints: Fingerprints) -> str | None:
    """Hash the sources' files; None where a source is not a file of this machine, and may change unseen."""
    hashes = []
    for source in sources(blueprint):
        if source.path is None or "://" in source.path:
            return None
        hashes += [(source.name, *found) for found in _matching(home, source.path, fingerprints)]
    return hashlib.sha256(json.dumps(hashes).encode()).hexdigest()


def _matching(home: Path, path: str, fingerprints: Fingerprints) -> list[tuple[str, str]]:
    """Hash the files a path or pattern names."""
    absolute = home / path
    if "*" not in path:
        return [(path, fingerprints.of(absolute))]
    base = Path(absolute.anchor)
    return [(str(each), fingerprints.of(each)) for each in sorted(base.glob(str(absolute.relative_to(base))))]


def tool(version: str, fingerprints: Fingerprints) -> str:
    """Hash the tool's own version and its steps: another release may do a step differently."""
    runtime = Path(__file__).resolve().parent.parent
    files = [
        *sorted(runtime.glob("*.py")),
        *(file for name in _STEPS for file in sorted((runtime / name).glob("*.py"))),
    ]
    return f"{version} {fingerprints.together([(file.relative_to(runtime).as_posix(), file) for file in files])}"


_STEPS = ("steps", "served")
