"""`patches`: changes of rendered Kubernetes objects that the language has no field for."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mlopsctl.spec import scalars
from mlopsctl.spec.words import EnvironmentName, JsonValue, Section

SOME = "some"
"""The value of `matches` for one object or more."""


def _parse_matches(value: object) -> int | str:
    if value == SOME:
        return SOME
    if type(value) is int and 1 <= value <= 10_000:
        return value
    message = f"`{scalars.scalar_text(value)}` is not a number of objects"
    raise scalars.fail("value", message, f"write a whole number from 1 to 10000, or `{SOME}` for one or more")


Matches = Annotated[
    int | str,
    scalars.scalar(_parse_matches, {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 10_000}, {"const": SOME}]}),
]
Pointer = Annotated[
    str,
    scalars.matching(
        r"(?:/(?:[^~]|~[01])*)+",
        "a JSON pointer",
        "write /key/key, as /spec/template; a list item is its number, from 0, or `-` for the end",
        kind="value",
        limit=1000,
    ),
]
_WITH_VALUE, _WITH_FROM = ("add", "replace", "test"), ("move", "copy")


class PatchTarget(Section):
    """The rendered objects that a patch changes."""

    engine: Annotated[
        str, scalars.matching(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", "an engine", "write its name, as kserve", limit=63)
    ]
    """The engine of the stack that renders the objects, as kserve."""
    kind: Annotated[
        str, scalars.matching(r"[A-Z][A-Za-z0-9]*", "a kind", "write a kind of Kubernetes, as InferenceService")
    ]
    """The Kubernetes kind of the objects."""
    name: Annotated[
        str,
        scalars.matching(
            r"[a-z0-9*?]([-.a-z0-9*?]*[a-z0-9*?])?",
            "a pattern of names",
            "write a name of Kubernetes; `*` matches any characters and `?` one",
        ),
    ] = "*"
    """The names of the objects; `*` matches any characters, `?` one character."""


class JsonOperation(Section):
    """One operation of a JSON Patch (RFC 6902)."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    """What the operation does."""
    path: Pointer
    """The place in the object, as a JSON pointer."""
    value: JsonValue = None
    """The value to add, to replace with or to compare with."""
    from_: Annotated[Pointer | None, Field(alias="from")] = None
    """The place to move or copy from."""

    @model_validator(mode="after")
    def _operands(self) -> Self:
        operands = (
            ("value", self.op in _WITH_VALUE, "value" in self.model_fields_set),
            ("from", self.op in _WITH_FROM, self.from_ is not None),
        )
        for key, needed, given in operands:
            if needed and not given:
                raise scalars.fail("value", f"the operation `{self.op}` needs `{key}`", f"add `{key}`")
            if given and not needed:
                raise scalars.fail("value", f"the operation `{self.op}` has no `{key}`", f"remove `{key}`")
        return self

    def plain(self) -> dict[str, Any]:
        """Return the operation as RFC 6902 spells it."""
        operands = {"value": self.value} if self.op in _WITH_VALUE else {"from": self.from_} if self.from_ else {}
        return {"op": self.op, "path": self.path, **operands}


class Patch(Section):
    """A change of rendered Kubernetes objects. It is outside the model: no rule and no plan understands it."""

    target: PatchTarget
    """The rendered objects that it changes."""
    matches: Matches = 1
    """How many objects the target must match in each environment; `some` for one or more."""
    json_: Annotated[tuple[JsonOperation, ...] | None, Field(alias="json", min_length=1, strict=False)] = None
    """Operations of a JSON Patch (RFC 6902), applied in order; give this or `merge`."""
    merge: dict[str, JsonValue] | None = None
    """What is merged into the object: a strategic merge for kinds of Kubernetes, a JSON Merge Patch (RFC 7386) for all
    other kinds; give this or `json`."""
    environments: Annotated[tuple[EnvironmentName, ...] | None, Field(min_length=1, strict=False)] = None
    """The environments in which it applies; by default all."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.json_ is None) == (self.merge is None):
            raise scalars.fail("value", "a patch needs exactly one of `json` and `merge`", "give one of the two")
        return self
