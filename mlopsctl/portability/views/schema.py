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
        "What another engine at a stage would mean for the specs as they are.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            refused={"type": "boolean", "description": "Whether the specs could not be rendered somewhere."},
            environments=_list("environment", "The environments that were looked at."),
        ),
        {
            "environment": _environment(),
            "swap": _swap(),
            "loss": closed(
                system=text("Whose spec; empty for the workspace."),
                path=text("The dotted path of the field."),
                severity={"enum": ["error", "warning", "note"]},
                code=text("`mlopsctl explain CODE` says more."),
                message=text("What the other engine cannot do with it."),
                help=text("A way out; empty where there is none to give."),
            ),
            "difference": closed(
                stage=text("The stage."),
                ability=text("The ability, in the words of `mlopsctl engines`."),
                kind={"enum": ["lost", "gained"]},
                fields=strings("The fields that ask for it, each as `system: path`."),
                why=text("Why one of the engines has it not."),
                instead=text("What to do instead; empty where there is nothing."),
            ),
            "reading": closed(
                system=text("Whose alert."),
                alert=text("The alert."),
                before=strings("The metrics it reads now; empty where it is not there."),
                after=strings("The metrics it would read; empty where it would not be there."),
            ),
            "files": closed(target=text("The target."), come=_COUNT, go=_COUNT, change=_COUNT, stay=_COUNT),
        },
    )


def _list(name: str, description: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _environment() -> Schema:
    return closed(
        environment=text("The environment."),
        swaps=_list("swap", "The engines that were asked for."),
        losses=_list("loss", "Findings that only the other engine brings."),
        relieved=_list("loss", "Findings that would go."),
        differences=_list("difference", "Abilities that the specs use and one of the engines has not."),
        readings=_list("reading", "Alerts that would read other series, come or go."),
        same=strings("Abilities that the specs use and both have, each as `stage: ability`."),
        same_readings={**_COUNT, "description": "How many alerts would read what they read now."},
        files=_list("files", "How many files of each target would come, go, change and stay."),
        uncounted=strings("Systems whose files are not counted, because they would be refused."),
        refused={"type": "boolean", "description": "Whether the specs could not be rendered here."},
    )


def _swap() -> Schema:
    return closed(
        stage=text("The stage."),
        before=text("The engine that stands there, with its version."),
        after=text("The engine that would."),
        state=text("Whether it is maintained, unmaintained or proprietary."),
        notes=strings("What has to be known of it."),
        settings_of=text("Whose settings it would have."),
        needs=strings("Settings that it needs, and that have no default."),
        left=strings("Settings of the present engine that it does not know."),
        pinned=strings("Systems whose spec names another engine itself."),
    )
