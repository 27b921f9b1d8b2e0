"""The JSON Schema of a portability report's document."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.render.json import dumps
from mlopsctl.diagnostics.render.schema import closed, published, strings, text
from mlopsctl.portability.views.json import VERSION

FILE = f"portability.v{VERSION}.json"

Schema = dict[str, Any]
_COUNT = {"type": "integer", "minimum": 0}


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return dumps(portability_schema())


def portability_schema() -> Schema:
    """Return the schema of what `mlopsctl plan --stack … -o json` prints."""
    return published(
        FILE,
        "mlopsctl portability report",
        "The effects of another engine at a stage on the current specs.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            refused={"type": "boolean", "description": "Whether the specs could not be rendered in some environment."},
            environments=_list("environment", "The compared environments."),
        ),
        {
            "environment": _environment(),
            "swap": _swap(),
            "loss": closed(
                system=text("The system of the spec; empty for the workspace."),
                path=text("The dotted path of the field."),
                severity={"enum": ["error", "warning", "note"]},
                code=text("The diagnostic code; `mlopsctl explain CODE` explains it."),
                message=text("What the other engine cannot express."),
                help=text("How to fix it; empty if there is no fix."),
            ),
            "difference": closed(
                stage=text("The stage."),
                ability=text("The capability, as named by `mlopsctl engines`."),
                kind={"enum": ["lost", "gained"]},
                fields=strings("The fields that use it, each as `system: path`."),
                why=text("Why one of the engines does not have it."),
                instead=text("What to use instead; empty if there is no alternative."),
            ),
            "reading": closed(
                system=text("The system of the alert."),
                alert=text("The alert."),
                before=strings("The metrics it reads now; empty if the alert does not exist."),
                after=strings("The metrics it would read; empty if the alert would not exist."),
            ),
            "files": closed(target=text("The target."), come=_COUNT, go=_COUNT, change=_COUNT, stay=_COUNT),
        },
    )


def _list(name: str, description: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _environment() -> Schema:
    return closed(
        environment=text("The environment."),
        swaps=_list("swap", "The replaced engines."),
        losses=_list("loss", "Findings that only the other engine causes."),
        relieved=_list("loss", "Findings that the other engine resolves."),
        differences=_list("difference", "Capabilities that the specs use and only one of the engines has."),
        readings=_list("reading", "Alerts whose series would change, appear or disappear."),
        same=strings("Capabilities that the specs use and both engines have, each as `stage: capability`."),
        same_readings={**_COUNT, "description": "The number of alerts whose series are unchanged."},
        files=_list("files", "The number of files of each target that would be added, removed, changed and unchanged."),
        uncounted=strings("Systems whose files are not counted, because they could not be rendered."),
        refused={"type": "boolean", "description": "Whether the specs could not be rendered in this environment."},
    )


def _swap() -> Schema:
    return closed(
        stage=text("The stage."),
        before=text("The current engine, with its version."),
        after=text("The other engine, with its version."),
        state=text("Whether it is maintained, unmaintained or proprietary."),
        notes=strings("Notes about its licence and maintenance."),
        settings_of=text("The origin of its settings."),
        needs=strings("Required settings without a default."),
        left=strings("Settings of the current engine that it does not have."),
        pinned=strings("Systems whose spec sets another engine."),
    )
