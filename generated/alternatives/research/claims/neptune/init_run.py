"""Open a run as run.json says; without a server where NEPTUNE_MODE is offline."""

import json
import os
from pathlib import Path

import neptune_scale

settings = json.loads(Path(__file__).with_name("run.json").read_text(encoding="utf-8"))

run = neptune_scale.Run(
    project=settings["project"],
    run_id=settings["run_id"],
    experiment_name=settings["name"],
    mode=os.environ.get("NEPTUNE_MODE", "async"),
    enable_console_log_capture=False,
    source_tracking_config=None,
)

run.add_tags(settings["tags"])

run.log_configs(settings["fields"], flatten=True)

run.close()
