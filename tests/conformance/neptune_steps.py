"""Track and register a model with Neptune's client offline, as the steps do, and print where its files are.

In: a scratch folder with a Blueprint, a package and rows. Out: JSON.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlopsctl.blueprint import codec
from mlopsctl.runtime.backends.chosen import registry
from mlopsctl.runtime.backends.registry import Evidence
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext, StepFailed

HOME = Path(sys.argv[1])
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "3f9a1c2b7d" * 6


def call(step: str, **environ: str) -> StepContext:
    return StepContext(
        step=step,
        blueprint=codec.loads((HOME / "blueprint.json").read_bytes()),
        inputs={},
        outputs={},
        parameters={},
        root=HOME,
        features=HOME,
        work=HOME / step,
        now=NOW,
        environ={"NEPTUNE_MODE": "offline", **environ},
        log=Log(sys.stderr.write, lambda: NOW),
    )


def token(address: str) -> str:
    return base64.b64encode(json.dumps({"api_address": address}).encode()).decode()


def train() -> str:
    runs = registry(call("train"))
    run = runs.begin(KEY, {"mlopsctl.system": "card-fraud"})
    with runs.running(run):
        runs.log(run, {"max_depth": "6", "seed": "42"}, {"training_rows": 100, "training_seconds": 1.5})
    return run


def register(run: str) -> Any:
    evidence = Evidence(
        package=HOME / "package",
        metrics={"average_precision": 0.91},
        documents={"verdict": {"passed": True}},
        snapshot=HOME / "snapshot",
        tags={"mlopsctl.git-commit": "abc"},
    )
    registered = registry(call("register")).register(run, evidence)
    return [registered.name, registered.version, registered.again]


def fails() -> str:
    runs = registry(call("fails"))
    try:
        with runs.running("a-run"):
            raise ValueError("no convergence")
    except ValueError as error:
        return str(error)


def other_installation() -> str:
    registry(call("token", NEPTUNE_API_TOKEN=token("https://neptune.acme.example")))
    try:
        registry(call("token", NEPTUNE_API_TOKEN=token("https://app.neptune.ai")))
    except StepFailed as error:
        return str(error)
    return ""


def main() -> None:
    out, sys.stdout = sys.stdout, sys.stderr
    run = train()
    served = registry(call("evaluate")).served()
    evidence = {
        "run": run,
        "registered": register(run),
        "failed": fails(),
        "token": other_installation(),
        "served": [served.version, served.source, dict(served.tags)] if served else None,
    }
    print(json.dumps(evidence), file=out)


if __name__ == "__main__":
    os.chdir(HOME)
    main()
