"""A merge as RFC 7386 and the API conventions of Kubernetes say."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.overlay.merge_patch import MergeError, patched

CUSTOM = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"}
JOB = {"apiVersion": "batch/v1", "kind": "Job"}

# RFC 7386, appendix A, as far as the document and the patch are objects: a member, its patch, the result.
APPENDIX: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({"a": "foo"}, {"b": {"bb": {"ccc": None}}}, {"a": "foo", "b": {"bb": {}}}),
]


@pytest.mark.parametrize(("document", "patch", "expected"), APPENDIX)
def test_a_custom_resource_is_merged_as_the_rfc_says(document: Any, patch: Any, expected: Any) -> None:
    assert patched({**CUSTOM, "spec": document}, {"spec": patch}) == {**CUSTOM, "spec": expected}


def job(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**JOB, "spec": {"template": {"spec": {"containers": list(containers), **more}}}}


def test_containers_and_their_variables_are_merged_by_name_and_others_stay_where_they_are() -> None:
    before = job({"name": "a", "env": [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]}, {"name": "b"})
    patch = job({"name": "c"}, {"name": "a", "env": [{"name": "Y", "value": "3"}, {"name": "Z", "value": "4"}]})
    names = [{"name": "X", "value": "1"}, {"name": "Y", "value": "3"}, {"name": "Z", "value": "4"}]
    assert patched(before, patch) == job({"name": "a", "env": names}, {"name": "b"}, {"name": "c"})


def test_a_list_without_a_key_is_replaced() -> None:
    before = job(tolerations=[{"key": "a"}, {"key": "b"}])
    assert patched(before, job(tolerations=[{"key": "c"}])) == job(tolerations=[{"key": "c"}])


def test_an_item_is_deleted_and_a_list_or_a_mapping_replaced_by_a_directive() -> None:
    before = job({"name": "a"}, {"name": "b"}, nodeSelector={"x": "1"})
    assert patched(before, job({"name": "a", "$patch": "delete"}, nodeSelector={"$patch": "replace", "y": "2"})) == job(
        {"name": "b"}, nodeSelector={"y": "2"}
    )
    assert patched(job({"name": "a"}), job({"$patch": "replace"}, {"name": "c"})) == job({"name": "c"})
    assert patched(job(nodeSelector={"x": "1"}), job(nodeSelector={"$patch": "delete"})) == job()


@pytest.mark.parametrize(
    "patch",
    [
        job({"image": "x"}),
        job({"name": "a", "$patch": "merge"}),
        job(tolerations=[{"key": "a", "$patch": "delete"}]),
        job({"name": "a", "$setElementOrder/env": [{"name": "x"}]}),
        {"spec": {"$retainKeys": ["a"]}},
    ],
)
def test_what_would_be_no_merge_is_refused(patch: dict[str, Any]) -> None:
    with pytest.raises(MergeError):
        patched(job({"name": "a"}), patch)


def test_a_directive_in_a_custom_resource_is_refused() -> None:
    with pytest.raises(MergeError, match="directives"):
        patched({**CUSTOM, "spec": {"a": {"b": 1}}}, {"spec": {"a": {"$patch": "delete"}}})
