"""The JSON Schema of the findings' document."""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.render.json import VERSION, dumps

FILE = f"diagnostics.v{VERSION}.json"

Schema = dict[str, Any]


def diagnostics_schema() -> Schema:
    """Return the schema of what `--output json` prints."""
    return published(
        FILE,
        "mlopsctl diagnostics",
        "Every finding of one run, in the order of files, lines and columns.",
        closed(
            version={"const": VERSION, "description": "Increases with every breaking change of this format."},
            environments=strings("The environments that were looked at; empty where none was reached."),
            summary={"$ref": "#/$defs/summary"},
            diagnostics={"type": "array", "items": {"$ref": "#/$defs/diagnostic"}},
        ),
        {"summary": summary(), "diagnostic": diagnostic(), "place": place()},
    )


def schema_text() -> str:
    """Return the text of the published schema file, `schemas/` plus `FILE`."""
    return dumps(diagnostics_schema())


def published(file: str, title: str, description: str, body: Schema, defs: Schema) -> Schema:
    """Return a whole schema: how it is called, what a document is, and the definitions that it refers to."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://mlopsctl.dev/schemas/{file}",
        "title": title,
        "description": description,
        **body,
        "$defs": defs,
    }


def summary() -> Schema:
    """Return the schema of the counts."""
    count = {"type": "integer", "minimum": 0}
    return closed(errors=count, warnings=count, notes=count, files=count)


def diagnostic() -> Schema:
    """Return the schema of one finding."""
    return closed(
        code={
            "type": "string",
            "pattern": "^MLC[0-9]{3}$",
            "description": "`mlopsctl explain CODE` says more.",
        },
        title=text("What findings of this code have in common."),
        severity={"enum": ["error", "warning", "note"], "description": "Only an error stops a render."},
        message=text("What is wrong here, in one sentence."),
        place={"anyOf": [{"$ref": "#/$defs/place"}, {"type": "null"}], "description": "The primary place."},
        related={"type": "array", "items": {"$ref": "#/$defs/place"}},
        help=text("A way out; empty where there is none to give."),
        path=text("The dotted path in the spec; empty where the finding is not about one value."),
        environments=strings("Where it holds; empty where that does not depend on the environment."),
        redact={
            "type": "boolean",
            "description": "The places hold a secret: a reader must not show their source text.",
        },
    )


def place() -> Schema:
    """Return the schema of a place."""
    position = {"type": "integer", "minimum": 1}
    return {
        "description": "Lines and columns count from 1, columns in characters; the end is exclusive.",
        **closed(
            file=text("Path of the file as it was given, or relative to the root."),
            line=position,
            column=position,
            endLine=position,
            endColumn=position,
            label=text("What is to be said about this place; may be empty."),
        ),
    }


def closed(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def text(description: str) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "description": description}


def strings(description: str) -> Schema:
    """Return the schema of a list of texts."""
    return {"type": "array", "items": {"type": "string"}, "description": description}
