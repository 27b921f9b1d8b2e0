"""Read Polyaxonfiles with Polyaxon's own reader, and compile each step to its pod as Polyaxon's agent does.

Runs in an environment that has polyaxon and nothing of ours. In: files. Out: on standard output, as JSON, what each
file holds, or why it is refused. References to other steps are filled in with `<step>.outputs`, and those to the
pipeline's parameters with their defaults.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from polyaxon import settings  # type: ignore[import-not-found]
from polyaxon._compiler import resolver  # type: ignore[import-not-found] # noqa: F401 - the executor needs it loaded
from polyaxon._k8s.executor.executor import Executor  # type: ignore[import-not-found]
from polyaxon._schemas.agent import AgentConfig  # type: ignore[import-not-found]
from polyaxon.polyaxonfile import check_polyaxonfile  # type: ignore[import-not-found]

STORE = {"name": "store", "kind": "s3", "schema": {"bucket": "s3://bucket/plx"}}


def read(path: str) -> dict[str, Any]:
    """Return what a file holds."""
    try:
        operation = check_polyaxonfile(polyaxonfile=path, is_cli=False, to_op=True, validate_params=True)
    except Exception as error:
        return {"refused": f"{error.__cause__ or error}"}
    whole = operation.to_dict()
    dag = operation.component.run
    inputs = {declared["name"]: declared.get("value") for declared in whole["component"].get("inputs", ())}
    dag.resolve_operations()
    dag.process_dag()
    dag.validate_dag()
    return {
        "name": whole.get("name") or whole["component"].get("name"),
        "namespace": whole.get("namespace") or whole["component"].get("namespace"),
        "schedule": whole.get("schedule"),
        "params": whole.get("params", {}),
        "inputs": inputs,
        "order": dag.sort_topologically(flatten=True),
        "edges": {name: sorted(spec.upstream) for name, spec in dag.dag.items()},
        "steps": {operation.name: pod(operation.to_dict(), inputs) for operation in dag.operations},
    }


def pod(operation: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Compile one step; what only a server knows is filled in."""
    for name, parameter in operation.get("params", {}).items():
        kind, _, step = parameter["ref"].partition(".")
        value = f"{step}.outputs" if kind == "ops" else inputs[parameter["value"].removeprefix("inputs.")]
        operation["params"][name] = {"value": value}
    operation.pop("dependencies", None)
    resource = Executor.make_and_convert(
        owner_name="owner",
        project_name="project",
        run_uuid=f"run-{operation['name']}",
        run_name=operation["name"],
        content=json.dumps(operation),
    )
    spec = resource["batchJobSpec"]["template"].to_dict()["spec"]
    main = next(container for container in spec["containers"] if container["name"] == "polyaxon-main")
    fetching = [
        init_container["args"]
        for init_container in spec["init_containers"] or ()
        if "init-artifacts" in init_container["name"]
    ]
    return {
        "image": main["image"],
        "command": [*main["command"], *main["args"]],
        "env": {variable["name"]: variable for variable in main["env"] if not variable["name"].startswith("POLYAXON_")},
        "resources": {side: main["resources"][side] for side in ("requests", "limits")},
        "mounts": [
            volume_mount.get("mountPath") or volume_mount.get("mount_path") for volume_mount in main["volume_mounts"]
        ],
        "volumes": {volume["name"]: (volume["config_map"] or {}).get("name") for volume in spec["volumes"]},
        "fetched": " ".join(word for args in fetching for word in args),
        "account": spec["service_account_name"],
        "user": spec["security_context"]["run_as_user"],
        "restart": spec["restart_policy"],
        "termination": resource["termination"],
    }


if __name__ == "__main__":
    settings.AGENT_CONFIG = AgentConfig.from_dict({"namespace": "agent", "artifactsStore": STORE})
    json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout, default=str)
