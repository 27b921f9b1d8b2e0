"""No format of a diff shows a secret, wherever in a tree it stands; that it changed is told all the same."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.cli.views.formats import DIFF
from mlopsctl.diagnostics.render.formats import Page
from mlopsctl.emit import yaml as emit_yaml
from mlopsctl.manifest_diff.comparison import compare
from mlopsctl.manifest_diff.views import json as diff_json

OLD, NEW = "hunter2-before", "hunter2-after"
HERE = "prod/s/kind/manifests/one.yaml"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nline{}of\nthe{}key\n-----END RSA PRIVATE KEY-----\n"


def thing(kind: str = "ConfigMap", **body: Any) -> Any:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "one"}, **body}


def shown(old: Any, new: Any) -> tuple[str, ...]:
    difference = compare({HERE: emit_yaml.dumps(old)}, {HERE: emit_yaml.dumps(new)})
    assert difference.files, "a secret that changed is told"
    document = diff_json.document(difference, "then", "now")
    return tuple(render(document, Page(colour=True)) for render in DIFF.values())


@pytest.mark.parametrize(
    "body",
    [
        lambda value: thing("Secret", data={"any": value}),
        lambda value: thing("Secret", stringData={"config.yaml": f"user: x\nword: {value}\n"}),
        lambda value: thing(spec={"password": value}),
        lambda value: thing(spec={"db": {"dbPassword": value}}),
        lambda value: thing(spec={"API_KEY": value, "x": {"accessToken": [value, {"y": value}]}}),
        lambda value: thing(spec={"env": [{"name": "DB_PASSWORD", "value": value}]}),
        lambda value: thing(spec={"uri": f"postgres://user:{value}@db/x"}),
        lambda value: thing(data={"x.json": f'{{"a": [{{"client_secret": "{value}"}}]}}'}),
        lambda value: thing(data={"x.yaml": f"a:\n  token: {value}\n"}),
        lambda value: thing(data={"x.py": f"a = 1\npassword = '{value}'\n"}),
        lambda value: thing(data={"x.ini": f"[db]\npassword={value}\nuser=x\n"}),
        lambda value: thing(data={"x.txt": f"see\nhttps://user:{value}@host/x\n"}),
    ],
)
def test_a_changed_secret_is_told_and_not_shown(body: Any) -> None:
    for text in shown(body(OLD), body(NEW)):
        assert "hunter2" not in text
        assert "one" in text


@pytest.mark.parametrize("verdict", ["added", "removed"])
def test_a_secret_that_came_or_went_with_what_holds_it_is_not_shown(verdict: str) -> None:
    empty, full = thing(spec={}), thing(spec={"x": {"deep": [{"password": OLD}]}})
    for text in shown(*((empty, full) if verdict == "added" else (full, empty))):
        assert "hunter2" not in text


def test_the_lines_of_a_private_key_are_not_shown() -> None:
    old, new = (thing(data={"tls.key": "x\n" + KEY.format(word, word)}) for word in ("AAAA", "BBBB"))
    for text in shown(old, new):
        assert "AAAA" not in text
        assert "BBBB" not in text


def test_a_reference_to_a_secret_is_no_secret() -> None:
    old, new = (thing(spec={"secretName": name, "secretKeyRef": {"key": name}}) for name in ("store-a", "store-b"))
    text = shown(old, new)[0]
    assert "store-a → store-b" in text
