"""The JSON Schema of a portability report's document.

In: nothing. Out: the schema, closed at every level, and the text of its file. Never writes.
"""

from __future__ import annotations

import json
from typing import Any

from mlopsctl.change.portability_json import VERSION
from mlopsctl.diagnostics.schema import closed, strings, text

FILE = f"portability.v{VERSION}.json"

Schema = dict[str, Any]
_COUNT = {"type": "integer", "minimum": 0}


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return json.dumps(portability_schema(), indent=2, ensure_ascii=True) + "\n"


def portability_schema() -> Schema:
    """Return the schema of what `mlopsctl plan --stack … -o json` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://mlopsctl.dev/schemas/{FILE}",
        "title": "mlopsctl portability report",
        "description": "What another engine at a stage would mean for the specs as they are.",
        **closed(
            version={"const": VERSION, "description": "Rises when a reader of this form would break."},
            refused={"type": "boolean", "description": "Whether the specs could not be rendered somewhere."},
            environments=_list("environment", "The environments that were looked at."),
        ),
        "$defs": {
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
    }


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
