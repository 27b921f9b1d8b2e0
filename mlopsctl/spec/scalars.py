"""Build the types of the spec's scalars: a parser with its JSON Schema.

A parser returns a typed value that keeps its text, or raises the typed error of `fail`; its kind names the diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import GetPydanticSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def fail(kind: str, message: str, help: str = "") -> PydanticCustomError:
    """Build the typed error that `spec.validation` turns into the diagnostic of that kind."""
    return PydanticCustomError(f"mlc_{kind}", "{message}", {"message": message, "help": help})


def scalar_text(value: object) -> str:
    """Return a scalar as written in the file, shortened."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = "a block" if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def outside(value: object, least: object, greatest: object, below: bool) -> str:
    """Return the message for a value below its minimum or above its maximum."""
    return f"`{scalar_text(value)}` is " + (
        f"below the minimum of {least}" if below else f"above the maximum of {greatest}"
    )


def scalar(parse: Callable[[Any], Any], schema: dict[str, Any]) -> GetPydanticSchema:
    """Return a type with a parser and its JSON Schema."""

    def build(_source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse,
            serialization=core_schema.to_string_ser_schema(),
            metadata={"pydantic_js_functions": [lambda _schema, _handler: dict(schema)]},
        )

    return GetPydanticSchema(build)


def matching(
    pattern: str, description: str, help: str, kind: str = "name", limit: int = 253, glue: str = ""
) -> GetPydanticSchema:
    """Return the type of a string that fully matches `pattern`; `glue` joins words in suggested names."""
    compiled: list[re.Pattern[str]] = []

    def fits(value: object) -> bool:
        if not compiled:
            compiled.append(re.compile(pattern, re.ASCII))
        return isinstance(value, str) and len(value) <= limit and compiled[0].fullmatch(value) is not None

    def parse(value: object) -> str:
        if fits(value):
            return str(value)
        if isinstance(value, str) and len(value) > limit:
            raise fail(
                kind, f"`{scalar_text(value)}` has {len(value)} characters; the maximum is {limit}", "shorten it"
            )
        near = _joined(value, glue) if glue and isinstance(value, str) else ""
        raise fail(
            kind,
            f"`{scalar_text(value)}` is not {description}",
            f"did you mean `{near}`?" if near and fits(near) else help,
        )

    return scalar(parse, {"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": limit})


def _joined(text: str, glue: str) -> str:
    """Join the words of a text into a name: `Card Fraud` to `card-fraud`, or with `_` to `card_fraud`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return re.sub(r"[^a-z0-9]+", glue, spaced.lower(), flags=re.ASCII).strip(glue)
