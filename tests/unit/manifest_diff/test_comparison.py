"""Two rendered trees compared: what is told of each thing, and what is told once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mlopsctl.emit import json as emit_json
from mlopsctl.emit import yaml as emit_yaml
from mlopsctl.manifest_diff.comparison import compare
from mlopsctl.manifest_diff.model import Difference, Entry, Field
from mlopsctl.manifest_diff.yaml_values import documents

GENERATED = Path(__file__).resolve().parents[3] / "generated"
HERE = "prod/card-fraud/kind/manifests/one.yaml"


def thing(kind: str = "ConfigMap", name: str = "one", **body: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "ml"}, **body}


def manifest(*things: Any) -> str:
    return "---\n".join(emit_yaml.dumps(manifest) for manifest in things)


def between(old: Any, new: Any) -> Difference:
    return compare({HERE: manifest(old)}, {HERE: manifest(new)})


def only(difference: Difference) -> Entry:
    (entry,) = difference.entries
    return entry


def paths(difference: Difference) -> list[tuple[str, str]]:
    return [(field.verdict, field.path) for field in only(difference).fields]


def test_equal_trees_do_not_differ() -> None:
    tree = {HERE: manifest(thing(data={"a": "b"})), "prod/x/y.py": "x = 1\n"}
    assert compare(tree, dict(tree)) == Difference()


def test_the_same_values_written_in_another_way_do_not_differ() -> None:
    old = "apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec:\n  b: 1\n  a: 'x'\n"
    new = "kind: X\napiVersion: v1\nmetadata:\n    name: a\nspec: {a: x, b: 1}\n"
    assert compare({HERE: old}, {HERE: new}) == Difference()


def test_a_field_is_told_with_its_path_and_both_values() -> None:
    difference = between(thing(spec={"a": {"b": 1}}), thing(spec={"a": {"b": 2}}))
    entry = only(difference)
    assert (entry.verdict, entry.environment, entry.unit, entry.kind, entry.name) == (
        "changed",
        "prod",
        "card-fraud",
        "ConfigMap",
        "one",
    )
    assert entry.fields == (Field("spec.a.b", "changed", 1, 2),)


@pytest.mark.parametrize(
    ("old", "new"), [(1, True), (0, False), (1, "1"), (None, ""), (None, "null"), ([], {}), (1, 1.5), ("a", ["a"])]
)
def test_values_of_two_types_are_never_the_same(old: Any, new: Any) -> None:
    assert paths(between(thing(spec={"a": old}), thing(spec={"a": new}))) == [("changed", "spec.a")]


def test_null_is_a_value_and_absence_is_none() -> None:
    assert paths(between(thing(spec={}), thing(spec={"a": None}))) == [("added", "spec.a")]
    assert paths(between(thing(spec={"a": None}), thing(spec={}))) == [("removed", "spec.a")]


def test_items_go_by_their_name_and_not_by_their_place() -> None:
    old = thing(spec={"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
    new = thing(spec={"env": [{"name": "C", "value": "0"}, {"name": "A", "value": "1"}, {"name": "B", "value": "3"}]})
    assert paths(between(old, new)) == [("added", "spec.env[C]"), ("changed", "spec.env[B].value")]


def test_a_list_in_another_order_is_reordered_and_nothing_else() -> None:
    items = [{"name": "a", "x": 1}, {"name": "b", "x": 2}]
    assert paths(between(thing(spec={"l": items}), thing(spec={"l": items[::-1]}))) == [("reordered", "spec.l")]
    assert paths(between(thing(spec={"l": [1, 2, 3]}), thing(spec={"l": [3, 1, 2]}))) == [("reordered", "spec.l")]


def test_rules_go_by_alert_or_record_also_in_one_group() -> None:
    rules = [{"record": "r", "expr": "1"}, {"alert": "A", "expr": "2"}]
    changed = [{"alert": "New", "expr": "0"}, rules[0], {"alert": "A", "expr": "3"}]
    assert paths(between(thing(spec={"rules": rules}), thing(spec={"rules": changed}))) == [
        ("added", "spec.rules[New]"),
        ("changed", "spec.rules[A].expr"),
    ]


def test_of_two_items_of_one_name_the_equal_ones_are_paired() -> None:
    page, ticket = {"alert": "A", "severity": "page"}, {"alert": "A", "severity": "ticket"}
    difference = between(thing(spec={"r": [page, ticket]}), thing(spec={"r": [ticket, {**page, "for": "5m"}]}))
    assert paths(difference) == [("added", "spec.r[A#2].for")]


def test_an_argument_goes_by_its_option() -> None:
    old = thing(spec={"args": ["step", "train", "--out", "a", "--quick"]})
    new = thing(spec={"args": ["step", "train", "--out", "b", "--quick"]})
    assert paths(between(old, new)) == [("changed", "spec.args[--out]")]


def test_an_item_in_the_middle_of_a_list_of_words_is_added_there() -> None:
    assert paths(between(thing(spec={"l": ["a", "c"]}), thing(spec={"l": ["a", "b", "c"]}))) == [("added", "spec.l[1]")]


def test_a_document_inside_a_string_is_compared_field_by_field() -> None:
    old, new = ({"views": [{"name": "v", "ttl": ttl}], "x": "y"} for ttl in (1, 2))
    for key, text in (("b.json", emit_json.dumps), ("b.yaml", emit_yaml.dumps)):
        difference = between(thing(data={key: text(old)}), thing(data={key: text(new)}))
        assert paths(difference) == [("changed", f'data."{key}".views[v].ttl')]


def test_a_string_that_only_looks_like_a_document_is_a_string() -> None:
    difference = between(thing(spec={"a": "{{x}}", "b": "[y"}), thing(spec={"a": "{{z}}", "b": "[w"}))
    assert paths(difference) == [("changed", "spec.a"), ("changed", "spec.b")]


def test_text_of_several_lines_is_a_short_unified_diff() -> None:
    lines = [f"line {i}" for i in range(30)]
    changed = [*lines[:15], "another", *lines[16:]]
    for name in ("prod/shared/feast/repo/views.py", "prod/shared/x/notes.txt"):
        difference = compare({name: "\n".join(lines)}, {name: "\n".join(changed)})
        (field,) = only(difference).fields
        assert field.hunk == (
            "@@ -14,5 +14,5 @@", " line 13", " line 14", "-line 15", "+another", " line 16", " line 17",
        )  # fmt: skip


def test_a_file_that_moved_with_its_object_is_a_move() -> None:
    text = manifest(thing(data={"a": "b"}))
    entry = only(compare({"prod/s/a/manifests/old.yaml": text}, {"prod/s/a/manifests/new.yaml": text}))
    assert (entry.verdict, entry.file, entry.old_file, entry.fields) == (
        "moved",
        "a/manifests/new.yaml",
        "a/manifests/old.yaml",
        (),
    )


def test_a_file_without_objects_moves_only_with_the_same_content() -> None:
    moved = only(compare({"prod/s/feast/a.py": "x = 1\n"}, {"prod/s/feast/b.py": "x = 1\n"}))
    assert (moved.verdict, moved.name, moved.old_file) == ("moved", "feast/b.py", "feast/a.py")
    other = compare({"prod/s/feast/a.py": "x = 1\n"}, {"prod/s/feast/b.py": "x = 2\n"})
    assert [entry.verdict for entry in other.entries] == ["removed", "added"]


def test_nearly_the_same_object_under_a_new_name_replaces_the_old_one() -> None:
    spec = {"uri": "s3://models/42", "memory": "4Gi", "replicas": 2, "secret": "store", "kind": "mlflow"}
    old, new = thing("Model", "m-v42", spec=spec), thing("Model", "m-v43", spec={**spec, "uri": "s3://models/43"})
    entry = only(between(old, new))
    assert (entry.verdict, entry.old_name, entry.name) == ("replaced", "m-v42", "m-v43")
    assert [field.path for field in entry.fields] == ["spec.uri"]


def test_objects_that_share_little_came_and_went() -> None:
    difference = between(thing("Model", "a", spec={"x": list(range(20))}), thing("Model", "b", spec={"y": "z"}))
    assert [(entry.verdict, entry.name) for entry in difference.entries] == [("removed", "a"), ("added", "b")]


def test_the_same_object_in_two_environments_is_two() -> None:
    text = manifest(thing())
    difference = compare({"dev/s/a/manifests/x.yaml": text}, {"prod/s/a/manifests/x.yaml": text})
    assert [(entry.verdict, entry.environment) for entry in difference.entries] == [
        ("removed", "dev"),
        ("added", "prod"),
    ]


def test_a_new_version_of_an_api_is_a_field_of_the_same_object() -> None:
    old = {**thing(), "apiVersion": "serving.kserve.io/v1alpha1"}
    assert paths(between(old, {**old, "apiVersion": "serving.kserve.io/v1"})) == [("changed", "apiVersion")]


def test_what_is_deleted_and_what_serves_come_first() -> None:
    def labelled(kind: str, name: str, label: str) -> Any:
        return thing(kind, name, spec={"label": label})

    old = manifest(labelled("ConfigMap", "gone", "x"), labelled("ConfigMap", "kept", "a"), labelled("Model", "m", "b"))
    new = manifest(labelled("ConfigMap", "kept", "A"), labelled("Model", "m", "B"), labelled("Model", "new", "y"))
    order = [(entry.verdict, entry.kind) for entry in compare({HERE: old}, {HERE: new}).entries]
    assert order == [("removed", "ConfigMap"), ("changed", "Model"), ("changed", "ConfigMap"), ("added", "Model")]


def test_the_same_change_in_many_things_is_told_once_and_counted_everywhere() -> None:
    def tree(owner: str, size: int) -> str:
        return manifest(*(thing(name=f"n{i}", spec={"owner": owner, "size": size if i == 0 else 1}) for i in range(6)))

    difference = compare({HERE: tree("a", 1)}, {HERE: tree("b", 2)})
    (everywhere,) = difference.everywhere
    assert (everywhere.name, everywhere.old, everywhere.new, everywhere.places) == ("owner", "a", "b", 6)
    assert everywhere.entries[0] == "prod/card-fraud ConfigMap n0"
    assert paths(difference) == [("changed", "spec.size")]
    (counts,) = difference.files
    assert (counts.changed, counts.fields) == (6, 7)


def test_the_same_change_in_many_places_of_one_thing_is_one_field() -> None:
    old, new = (thing(spec={"steps": [{"name": f"s{i}", "image": image} for i in range(3)]}) for image in "ab")
    (field,) = only(between(old, new)).fields
    assert (field.path, field.others) == ("spec.steps[s0].image", ("spec.steps[s1].image", "spec.steps[s2].image"))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n", "[" * 5000, "- !!python/object/apply:os.system [id]\n", "a: b: c\n", "\t", "{", "%YAML",
        "a: 2024-13-45\n", "? [a]\n: b\n", "x: 0b2\n", "--- a\n--- b\n", "\x00",
    ],
)  # fmt: skip
def test_a_file_that_nobody_can_read_is_compared_as_text(text: str) -> None:
    for name in ("prod/s/x.yaml", "prod/s/x.json"):
        entry = only(compare({name: text}, {name: f"{text}\nmore: 1\n"}))
        assert (entry.verdict, len(entry.fields)) == ("changed", 1)


def test_a_document_nested_without_end_inside_a_string_is_text() -> None:
    deep = "[" * 900 + "]" * 900
    assert paths(between(thing(data={"a": deep}), thing(data={"a": f"{deep} "}))) == [("changed", "data.a")]


def test_a_path_quotes_a_key_that_could_be_read_as_a_path() -> None:
    difference = between(thing(spec={'a.b["c"]': 1}), thing(spec={'a.b["c"]': 2}))
    assert paths(difference) == [("changed", 'spec."a.b["c"]"')]


def test_a_rendered_tree_reads_as_another_reader_of_yaml_reads_it() -> None:
    files = sorted(GENERATED.rglob("*.yaml"))
    assert len(files) > 100
    for file in files:
        text = file.read_text()
        assert documents(text) == [
            document for document in yaml.load_all(text, yaml.CSafeLoader) if document is not None
        ], file


@pytest.mark.parametrize(
    ("text", "value"),
    [("a: 1", {"a": 1}), ("a: '1'", {"a": "1"}), ("a: 1.5e3", {"a": 1500.0}), ("a: ~", {"a": None}),
     ("a:", {"a": None}), ("a: yes", {"a": "yes"}), ("a: true", {"a": True}), ("1: x", {"1": "x"}),
     ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
     ("[a, {b: [c]}]", ["a", {"b": ["c"]}]), ("a: 12:30", {"a": "12:30"}), ("<<: {a: 1}", {"<<": {"a": 1}})],
)  # fmt: skip
def test_plain_yaml_is_read_as_version_1_2_has_it(text: str, value: Any) -> None:
    assert documents(text) == [value]
