"""The JSON Schema of a plan's document, closed at every level."""

from __future__ import annotations

from typing import Any, get_args

from mlopsctl.diagnostics.render.json import dumps
from mlopsctl.diagnostics.render.schema import closed, diagnostic, place, published, strings, text
from mlopsctl.plan.model import Role
from mlopsctl.plan.views.json import VERSION
from mlopsctl.plan.wording import ACTIONS, EFFECTS

FILE = f"plan.v{VERSION}.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return dumps(plan_schema())


def plan_schema() -> Schema:
    """Return the schema of the output of `mlopsctl plan -o json`."""
    return published(
        FILE,
        "mlopsctl plan",
        "Effects of a change on the running systems, the most dangerous first.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            against=text("The state compared with, as text."),
            environments=strings("The compared environments."),
            effect=_effect("The most dangerous effect of all changes."),
            headline=text("The effects of the change in one sentence."),
            reviewers=strings("The owners of all affected systems."),
            endpoints=strings("The endpoints that the change reaches."),
            systems=_list("system", "One entry per affected system."),
            changes=_list("change", "All changes."),
            guards=_list("diagnostic", "Risky changes; errors unless the spec accepts them."),
            findings=_list("diagnostic", "Errors of the specs, which prevent a render."),
            contract=_list("answer", "Whether locked versions can be served after the change."),
            costs=_list("cost", "Endpoints and pipelines whose resources or schedule change."),
            files={"type": "integer", "minimum": 0, "description": "Number of rendered files that differ."},
            unclear=strings("Systems whose specs have errors; nothing is rendered then."),
            tool={"anyOf": [{"$ref": "#/$defs/tool"}, {"type": "null"}]},
        ),
        {
            "system": closed(
                system=text("The system."),
                owner=text("The system's owner."),
                tier={"type": "integer", "minimum": 1, "maximum": 9},
                effects={"type": "array", "items": _effect("An effect on the system.")},
                environments=strings("Where."),
            ),
            "change": _change(),
            "consequence": closed(
                effect=_effect("The effect."),
                system=text("The affected system; empty for objects that systems share."),
                on=text("The affected object."),
                applied=text("How the effect happens."),
                environments=strings("The environments with the effect; empty for all of the change's environments."),
            ),
            "answer": _answer(),
            "cost": closed(
                environment=text("Where."),
                system=text("Whose."),
                name=text("The endpoint or pipeline."),
                before=text("Resources before the change; empty if it is added."),
                after=text("Resources after the change; empty if it is removed."),
            ),
            "tool": closed(
                before=text("The version that rendered the tree."),
                after=text("The version that computes the plan."),
                files=strings("The files that this version renders differently from the same specs."),
            ),
            "diagnostic": diagnostic(),
            "place": place(),
        },
    )


def _effect(description: str) -> Schema:
    return {"enum": list(EFFECTS.values()), "description": description}


def _list(name: str, description: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": description}


def _change() -> Schema:
    return closed(
        path=text(
            "The field of the spec, or with the prefix `workspace:` or `lock:` one of the workspace or its lock."
        ),
        system=text("The system of the spec; empty for the workspace and its lock."),
        action={"enum": list(ACTIONS.values())},
        old=text("The value before, shortened."),
        new=text("The value after, shortened."),
        effect=_effect("The most dangerous effect."),
        environments=strings("Where."),
        consequences=_list("consequence", "All effects of the change."),
        chains={"type": "array", "items": strings("The chain from the cause to its last user.")},
        reviewers=strings("The owners of the affected systems."),
    )


def _answer() -> Schema:
    return closed(
        environment=text("Where."),
        system=text("Whose."),
        endpoint=text("The endpoint."),
        model=text("The lock's key of the model."),
        version=text("The version."),
        role={"enum": list(get_args(Role))},
        servable={"type": "boolean", "description": "Whether the version can be served after the change."},
        why=text("Why the version cannot be served; empty if it can."),
        was={"type": "boolean", "description": "Whether the version could be served before the change."},
    )
