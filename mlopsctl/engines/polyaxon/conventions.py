"""Constants of Polyaxon, and the settings common to all rendered Polyaxonfiles."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import GATE_REJECTED_CODE

COMPONENT: Final = "pipeline"
COMPONENTS, SCHEDULES = "components", "schedules"
"""The folders of what `polyaxon run` is given: pipelines, and pipelines with a clock."""

USER: Final = 65532
WORK, TEMPORARY, BLUEPRINT = "work", "tmp", "blueprint"

OUTPUTS: Final = "{{ globals.run_outputs_path }}"
"""Where a step's container leaves files: Polyaxon's sidecar brings all of it to the artifacts store."""
PARAMETERS: Final = "parameters"
"""The folder below a run's outputs with the texts that a step leaves behind."""

REFUSAL: Final = {
    "rules": [
        {
            "action": "FailJob",
            "onExitCodes": {"containerName": "polyaxon-main", "operator": "In", "values": [GATE_REJECTED_CODE]},
        }
    ]
}
"""A step whose answer is no is not tried again; what broke is."""

_RESERVED: Final = frozenset({"globals", "params", "connections"})


def variable(name: str) -> str:
    """Return a name as a template can say it; Polyaxon keeps a few for itself."""
    identifier = name.replace("-", "_")
    return f"{identifier}_" if identifier in _RESERVED else identifier


def outputs_of(step: str) -> str:
    """Name the input that tells a step where the outputs of another lie in the artifacts store."""
    return f"outputs_of_{variable(step)}"


def template(name: str) -> str:
    """Return what Polyaxon fills in for an input."""
    return f"{{{{ {name} }}}}"
