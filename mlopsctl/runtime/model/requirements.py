"""Determine the Python packages that a served model needs, by loading it as its server does.

A model that cannot be loaded with its package and these alone is an error before registration.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, version
from pathlib import Path
from typing import TYPE_CHECKING

from mlopsctl.runtime.model import fresh_load
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    import pandas as pd

FIELD = "spec.model.code"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def pinned(names: Iterable[str]) -> list[str]:
    """Pin packages to their installed versions; a package that is not installed was not used in training."""
    pins = []
    for name in names:
        try:
            # A local version label (after the plus) does not exist on package indexes.
            pins.append(f"{name}=={version(name).partition('+')[0]}")
        except PackageNotFoundError:
            continue
    return pins


def named_requirements(requirements: Iterable[str]) -> list[str]:
    """Return the spec's requirements; those without a version get the installed one."""
    lines = []
    for requirement in requirements:
        bare = _NAME.fullmatch(requirement) is not None
        lines += (pinned([requirement]) or [requirement]) if bare else [requirement]
    return lines


def together(*groups: Iterable[str]) -> list[str]:
    """Merge groups of requirements, one per package; a later group overrides."""
    merged: dict[str, str] = {}
    for group in groups:
        for requirement in group:
            merged[_key(requirement)] = requirement
    return list(merged.values())


def _key(requirement: str) -> str:
    match = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[0] if match else requirement).lower()


def imported(step_context: StepContext, package: Path, rows: pd.DataFrame) -> list[str]:
    """Load a package in a fresh process, and pin what its model imports; StepFailed if either fails."""
    file = step_context.work / "rows.parquet"
    step_context.work.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(file)
    command = [sys.executable, "-P", str(Path(fresh_load.__file__)), str(package), str(file), str(step_context.root)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=step_context.work, env=_environment(step_context), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = _last_line(done.stderr) or f"exit code {done.returncode}"
        help = "its dependencies must be in the package of the entrypoint or of a transform, or be installed"
        raise StepFailed(f"the model cannot be loaded from its package in a fresh process: {reason}; {help}", FIELD)
    return _distributions(json.loads(_last_line(done.stdout)), package / "code")


def _environment(step_context: StepContext) -> dict[str, str]:
    """Return the process's environment without the user's folder, which does not exist on the server."""
    paths = step_context.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths_kept = [path for path in paths if path and Path(path).resolve() != step_context.root.resolve()]
    return {**step_context.environ, "PYTHONPATH": os.pathsep.join(paths_kept), "PYTHONWARNINGS": "ignore"}


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _distributions(modules: Mapping[str, str], code: Path) -> list[str]:
    """Return the installed packages that modules belong to; modules inside the package are skipped."""
    owners_of = packages_distributions()
    distributions: dict[str, None] = {}
    for module, file in modules.items():
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or Path(file).is_relative_to(code):
            continue
        owners = owners_of.get(top, [])
        if not owners and "." not in module and not top.startswith("_"):
            message = f"the model needs the module `{top}` ({file}), which is neither in its package nor installed"
            raise StepFailed(f"{message}: put it in a package and add the package to `requirements`", FIELD)
        distributions |= dict.fromkeys(owners if len(set(owners)) < 2 else _owning(owners, file))
    return pinned(distributions)


def _owning(owners: Iterable[str], file: str) -> list[str]:
    """Choose the package that a file is from, among packages that share a top-level name."""
    return [owner for owner in owners if any(str(path.locate()) == file for path in distribution(owner).files or ())]
