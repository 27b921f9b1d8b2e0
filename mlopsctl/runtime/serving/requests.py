"""A request held against the contract of the model.

In: the contract as plain JSON, and a request's inputs as name, datatype, shape and length. Out: what is wrong with it,
in a sentence; nothing where it is right. Never a value of the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_WHOLE = ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64")
_REAL = ("FP16", "FP32", "FP64")
_TAKEN: Mapping[str, tuple[str, ...]] = {
    "bool": ("BOOL",),
    "int32": _WHOLE,
    "int64": _WHOLE,
    "float32": (*_REAL, *_WHOLE),
    "float64": (*_REAL, *_WHOLE),
    "string": ("BYTES",),
    "bytes": ("BYTES",),
    "timestamp": ("BYTES",),
}
_NAMED: Mapping[str, str] = {"bool": "BOOL", "int32": "INT32", "int64": "INT64", "float32": "FP32", "float64": "FP64"}


class Given(NamedTuple):
    """One input of a request; `lacking` where one of its values is null."""

    name: str
    datatype: str
    shape: Sequence[int]
    length: int
    lacking: bool = False


def asked(contract: Mapping[str, Any]) -> dict[str, str]:
    """Return what a request must hold, by type: keys and request fields, or the model's own inputs."""
    columns = contract["inputs"] if contract["asks"] == "inputs" else [*contract["keys"], *contract["request"]]
    return {one["name"]: one["type"] for one in columns}


def datatype(kind: str) -> str:
    """Return the protocol's word for a type of the language."""
    return _NAMED.get(kind, "BYTES")


def wrong(contract: Mapping[str, Any], inputs: Iterable[Given]) -> str:
    """Say what is wrong with a request; an empty text where nothing is."""
    wanted = asked(contract)
    given: dict[str, Given] = {}
    for one in inputs:
        if one.name in given:
            return f"input `{one.name}` is there twice"
        given[one.name] = one
    missing = [name for name in wanted if name not in given]
    if missing:
        return f"there is no input `{missing[0]}`; a request holds {', '.join(wanted)}"
    strange = [name for name in given if name not in wanted]
    if strange:
        return f"nobody asked for the input `{strange[0]}`; a request holds {', '.join(wanted)}"
    return next((said for one in given.values() if (said := _wrong_input(one, wanted[one.name]))), "") or _uneven(given)


def _wrong_input(one: Given, kind: str) -> str:
    taken = _TAKEN.get(kind, ("BYTES",))
    if one.datatype not in taken:
        return f"input `{one.name}` is {kind}: its datatype is {' or '.join(taken[:2])}, and not {one.datatype}"
    if not one.shape or any(side < 0 for side in one.shape) or len(one.shape) > 2 or (*one.shape, 1)[1] != 1:
        return f"input `{one.name}` has the shape {list(one.shape)}, and must have [rows] or [rows, 1]"
    if one.length != one.shape[0]:
        return f"input `{one.name}` has {one.length} values, and its shape says {one.shape[0]}"
    if one.lacking:
        return f"input `{one.name}` has no value in a row"
    return ""


def _uneven(given: Mapping[str, Given]) -> str:
    """Find inputs with another number of rows than the first, and requests without any."""
    first = next(iter(given.values()), None)
    if first is None or first.shape[0] == 0:
        return "the request has no rows"
    other = next((one for one in given.values() if one.shape[0] != first.shape[0]), None)
    if other is None:
        return ""
    return f"input `{other.name}` has {other.shape[0]} rows, and `{first.name}` has {first.shape[0]}"
