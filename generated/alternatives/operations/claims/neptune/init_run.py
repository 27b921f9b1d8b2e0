"""Open a run as run.json says; without a server where NEPTUNE_MODE is offline."""

import json
import os
from pathlib import Path

import neptune

settings = json.loads(Path(__file__).with_name("run.json").read_text(encoding="utf-8"))

run = neptune.init_run(
    project=settings["project"],
    custom_run_id=settings["run_id"],
    name=settings["name"],
    tags=settings["tags"],
    mode=os.environ.get("NEPTUNE_MODE", "async"),
    source_files=[],
    git_ref=False,
    capture_hardware_metrics=False,
    capture_stdout=False,
    capture_stderr=False,
    capture_traceback=False,
)

run.assign(settings["fields"])

run.stop()
