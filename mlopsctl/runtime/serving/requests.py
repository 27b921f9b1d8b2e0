"""A request held against the contract of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_INTEGER_DATATYPES = ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64")
_REAL = ("FP16", "FP32", "FP64")
_ACCEPTED_DATATYPES: Mapping[str, tuple[str, ...]] = {
    "bool": ("BOOL",),
    "int32": _INTEGER_DATATYPES,
    "int64": _INTEGER_DATATYPES,
    "float32": (*_REAL, *_INTEGER_DATATYPES),
    "float64": (*_REAL, *_INTEGER_DATATYPES),
    "string": ("BYTES",),
    "bytes": ("BYTES",),
    "timestamp": ("BYTES",),
}
_DATATYPES: Mapping[str, str] = {
    "bool": "BOOL",
    "int32": "INT32",
    "int64": "INT64",
    "float32": "FP32",
    "float64": "FP64",
}


class RequestInput(NamedTuple):
    """One input of a request; `lacking` where one of its values is null, `odd` where one is not of its datatype."""

    name: str
    datatype: str
    shape: Sequence[int]
    length: int
    lacking: bool = False
    odd: bool = False


def fits(datatype: str, value: object) -> bool:
    """Return whether a value of JSON is one of a datatype; null is, and is looked at elsewhere."""
    if value is None:
        return True
    if datatype == "BYTES":
        return isinstance(value, str | bytes)
    if datatype == "BOOL" or isinstance(value, bool):
        return datatype == "BOOL" and isinstance(value, bool)
    if datatype in _INTEGER_DATATYPES:
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, int | float)


def request_types(contract: Mapping[str, Any]) -> dict[str, str]:
    """Return what a request must hold, by type: keys and request fields, or the model's own inputs."""
    columns = contract["inputs"] if contract["asks"] == "inputs" else [*contract["keys"], *contract["request"]]
    return {column["name"]: column["type"] for column in columns}


def optional(contract: Mapping[str, Any]) -> frozenset[str]:
    """Return what a request may hold null for: nullable fields; of the model's own inputs, also what is looked up."""
    if contract["asks"] == "inputs":
        return frozenset(
            input_["name"]
            for input_ in contract["inputs"]
            if input_.get("nullable") or input_.get("origin", "request") != "request"
        )
    return frozenset(column["name"] for column in contract["request"] if column.get("nullable"))


def datatype(kind: str) -> str:
    """Return the protocol's word for a type of the language."""
    return _DATATYPES.get(kind, "BYTES")


def wrong(contract: Mapping[str, Any], inputs: Iterable[RequestInput]) -> str:
    """Return what is wrong with a request; an empty text where nothing is."""
    kinds = request_types(contract)
    inputs_by_name: dict[str, RequestInput] = {}
    for input_ in inputs:
        if input_.name in inputs_by_name:
            return f"input `{input_.name}` is there twice"
        inputs_by_name[input_.name] = input_
    missing = [name for name in kinds if name not in inputs_by_name]
    if missing:
        return f"there is no input `{missing[0]}`; a request holds {', '.join(kinds)}"
    strange = [name for name in inputs_by_name if name not in kinds]
    if strange:
        return f"nobody asked for the input `{strange[0]}`; a request holds {', '.join(kinds)}"
    may_miss = optional(contract)
    problems = (
        _wrong_input(input_, kinds[input_.name], may_miss=input_.name in may_miss) for input_ in inputs_by_name.values()
    )
    return next(filter(None, problems), "") or _uneven(inputs_by_name)


def _wrong_input(input_: RequestInput, kind: str, *, may_miss: bool) -> str:
    if input_.datatype not in _ACCEPTED_DATATYPES.get(kind, ("BYTES",)):
        return f"input `{input_.name}` is {kind}: its datatype is {datatype(kind)}, and not {input_.datatype}"
    if (
        not input_.shape
        or any(side < 0 for side in input_.shape)
        or len(input_.shape) > 2
        or (*input_.shape, 1)[1] != 1
    ):
        return f"input `{input_.name}` has the shape {list(input_.shape)}, and must have [rows] or [rows, 1]"
    if input_.length != input_.shape[0]:
        return f"input `{input_.name}` has {input_.length} values, and its shape says {input_.shape[0]}"
    if input_.odd:
        return f"input `{input_.name}` has a value that is no {input_.datatype}"
    if input_.lacking and not may_miss:
        return f"input `{input_.name}` has no value in a row, and is not nullable"
    return ""


def _uneven(inputs: Mapping[str, RequestInput]) -> str:
    """Find inputs with another number of rows than the first, and requests without any."""
    first = next(iter(inputs.values()), None)
    if first is None or first.shape[0] == 0:
        return "the request has no rows"
    other = next((input_ for input_ in inputs.values() if input_.shape[0] != first.shape[0]), None)
    if other is None:
        return ""
    return f"input `{other.name}` has {other.shape[0]} rows, and `{first.name}` has {first.shape[0]}"
