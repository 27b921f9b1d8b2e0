"""A JSON Patch as RFC 6902 says: its appendix is the oracle."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from mlopsctl.overlay.json_patch import LARGEST, OperationError, patched

Operations = list[dict[str, Any]]
# RFC 6902, appendix A: the document, the patch, the result; None where the patch fails.
APPENDIX: dict[str, tuple[Any, Operations, Any]] = {
    "A.1": ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    "A.2": (
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    "A.3": ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    "A.4": ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    "A.5": (
        {"baz": "qux", "foo": "bar"},
        [{"op": "replace", "path": "/baz", "value": "boo"}],
        {"baz": "boo", "foo": "bar"},
    ),
    "A.6": (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    "A.7": (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    "A.8": (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    "A.9": ({"baz": "qux"}, [{"op": "test", "path": "/baz", "value": "bar"}], None),
    "A.10": (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    "A.12": ({"foo": "bar"}, [{"op": "add", "path": "/baz/bat", "value": "qux"}], None),
    "A.14": ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    "A.15": ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": "10"}], None),
    "A.16": (
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
}


@pytest.mark.parametrize("name", APPENDIX)
def test_a_patch_does_what_the_rfc_says(name: str) -> None:
    document, operations, expected = APPENDIX[name]
    if expected is None:
        with pytest.raises(OperationError):
            patched(document, tuple(operations))
    else:
        assert patched(document, tuple(operations)) == expected


@pytest.mark.parametrize("op", ["replace", "remove", "copy", "move"])
def test_an_operation_needs_its_place(op: str) -> None:
    operation = {"op": op, "path": "/a", "from": "/b", "value": 1}
    with pytest.raises(OperationError) as refused:
        patched({"x": 1}, ({"op": "test", "path": "/x", "value": 1}, operation))
    assert refused.value.index == 1


@pytest.mark.parametrize("path", ["/text/0", "/text/x", "/list/x", "/list/9", "/number/x", "/null/x"])
def test_a_path_through_a_scalar_or_past_a_list_is_refused(path: str) -> None:
    for op in ("add", "replace", "remove", "test"):
        with pytest.raises(OperationError):
            patched({"text": "abc", "list": [1], "number": 1, "null": None}, ({"op": op, "path": path, "value": 1},))


def test_a_patch_is_the_same_for_each_object_that_it_is_applied_to() -> None:
    operations = (
        {"op": "add", "path": "/spec", "value": {"list": []}},
        {"op": "add", "path": "/spec/list/-", "value": 1},
    )
    before = deepcopy(operations)
    assert [patched({}, operations) for _ in range(3)] == [{"spec": {"list": [1]}}] * 3
    assert operations == before


def test_copies_of_copies_end_at_a_size() -> None:
    copies = tuple({"op": "copy", "from": "/a", "path": f"/a/{number}"} for number in range(60))
    with pytest.raises(OperationError, match=f"{LARGEST:,}"):
        patched({"a": {"x": 1}}, copies)
