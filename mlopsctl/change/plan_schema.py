"""The JSON Schema of a plan's document.

In: nothing. Out: the schema, closed at every level, and the text of its file. Never writes.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from mlopsctl.change.model import Action, Effect, Role
from mlopsctl.change.plan_json import VERSION
from mlopsctl.diagnostics.schema import closed, diagnostic, place, strings, text

FILE = f"plan.v{VERSION}.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=True) + "\n"


def plan_schema() -> Schema:
    """Return the schema of what `mlopsctl plan -o json` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://mlopsctl.dev/schemas/{FILE}",
        "title": "mlopsctl plan",
        "description": "What a change does to the running systems; the dangerous first.",
        **closed(
            version={"const": VERSION, "description": "Rises when a reader of this form would break."},
            against=text("What was compared with, in words."),
            environments=strings("The environments that were compared."),
            effect=_effect("The most dangerous effect of all."),
            headline=text("What the change does, in a sentence."),
            reviewers=strings("The owners of everything that is touched."),
            endpoints=strings("The endpoints that are reached."),
            systems=_list("system", "A line a system."),
            changes=_list("change", "Everything that was changed."),
            guards=_list("diagnostic", "What the change must not do unless somebody means it."),
            findings=_list("diagnostic", "Errors of the specs; they stop a render."),
            contract=_list("answer", "Whether locked versions can be served after the change."),
            costs=_list("cost", "What asks for other things than before."),
            files={"type": "integer", "minimum": 0, "description": "How many rendered files differ."},
            unclear=strings("The systems whose specs have errors that hide what they mean; then nothing is rendered."),
            tool={"anyOf": [{"$ref": "#/$defs/tool"}, {"type": "null"}]},
        ),
        "$defs": {
            "system": closed(
                system=text("The system."),
                owner=text("Who answers for it."),
                tier={"type": "integer", "minimum": 1, "maximum": 9},
                effects={"type": "array", "items": _effect("An effect on it.")},
                environments=strings("Where."),
            ),
            "change": _change(),
            "consequence": closed(
                effect=_effect("The effect."),
                system=text("On whose; empty for what systems share."),
                on=text("On what."),
                applied=text("How it comes about."),
                environments=strings("Where; empty where it is everywhere that the change is."),
            ),
            "answer": _answer(),
            "cost": closed(
                environment=text("Where."),
                system=text("Whose."),
                name=text("What: an endpoint or a pipeline."),
                before=text("What it asked for; empty where it was not there."),
                after=text("What it asks for; empty where it is gone."),
            ),
            "tool": closed(
                before=text("The version that rendered the tree."),
                after=text("The version that makes the plan."),
                files=strings("The files that it writes differently from the same specs."),
            ),
            "diagnostic": diagnostic(),
            "place": place(),
        },
    }


def _effect(description: str) -> Schema:
    return {"enum": [effect.words for effect in Effect], "description": description}


def _list(name: str, description: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _change() -> Schema:
    return closed(
        path=text("The field of the spec; `workspace:` and `lock:` begin those of the workspace and its lock."),
        system=text("The system whose spec has it; empty for the workspace and its lock."),
        action={"enum": list(get_args(Action))},
        old=text("The value before, shortened."),
        new=text("The value after, shortened."),
        effect=_effect("The most dangerous effect."),
        environments=strings("Where."),
        consequences=_list("consequence", "Everything that follows."),
        chains={"type": "array", "items": strings("From the cause to who is reached.")},
        reviewers=strings("The owners of what it touches."),
    )


def _answer() -> Schema:
    return closed(
        environment=text("Where."),
        system=text("Whose."),
        endpoint=text("The endpoint."),
        model=text("The lock's key of the model."),
        version=text("The version."),
        role={"enum": list(get_args(Role))},
        servable={"type": "boolean", "description": "Whether it can be served after the change."},
        why=text("Why not; empty where it can."),
        was={"type": "boolean", "description": "Whether it could be served before."},
    )
