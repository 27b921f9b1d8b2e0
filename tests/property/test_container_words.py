"""Users' texts reach containers as written, or are refused: Kubernetes expands `$$` and `$(X)` in args and env.

Oracle: the expansion as the Kubernetes API reference describes it for `args` and `env`, written here from that text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hostile import counts
from hypothesis import given, settings
from hypothesis import strategies as st
from property.rendering import compiled, files

from mlopsctl.diagnostics.model import Severity

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "tests/errors/MLC705-key-of-a-parameter/mlops.yaml").read_text(encoding="utf-8")
ENGINES = {
    "argo-workflows": "{engine: argo-workflows}",
    "kfp": "{engine: kfp, endpoint: http://ml-pipeline.kubeflow:8888}",
    "polyaxon": "{engine: polyaxon}",
    "kale": "{engine: kale}",
}
PARAMS = '    params: {deep: {"{{ globals.name }}": 1}}'


def workspace(pipelines: str) -> str:
    return (
        "apiVersion: mlopsctl.dev/v1alpha1\nkind: Workspace\nmetadata: {name: local}\nspec:\n"
        f"  systems: [mlops.yaml]\n  stack:\n    pipelines: {pipelines}\n"
        "    features: {engine: feast, registry: s3://acme/r.db, online: {type: redis, connection: redis:6379}}\n"
        "    registry: {engine: mlflow, uri: http://mlflow:5000}\n"
        "  environments: {local: {namespace: local}}\n"
        f"  defaults: {{image: ghcr.io/acme/steps@sha256:{'a' * 64}}}\n"
        "  git: {repository: https://git.example.com/acme/ml}\n"
    )


def expanded(text: str) -> str:
    """Expand a word of a container in which every variable is defined, and empty."""
    out, at = [], 0
    while at < len(text):
        follower = text[at : at + 2]
        closing = text.find(")", at)
        if follower == "$$":
            out.append("$")
            at += 2
        elif follower == "$(" and closing != -1:
            at = closing + 1
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "becomes"), [("$$", "$"), ("$$$$(X)", "$$(X)"), ("$(X)", ""), ("$X $ $(", "$X $ $("), ("$$(X)", "$(X)")]
)
def test_the_oracle_expands_as_the_api_reference_says(text: str, becomes: str) -> None:
    assert expanded(text) == becomes


def words(value: Any) -> Iterator[str]:
    """Yield every text of an object, but not the files that a ConfigMap holds."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if (value.get("kind"), name) != ("ConfigMap", "data"):
                yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value


def container_words(engine: str, text: str) -> list[str] | None:
    """Return the words of what is rendered where the model has this parameter; None where it is refused."""
    spec = SPEC.replace(PARAMS, f"    params: {{note: {json.dumps(text)}}}")
    assert spec != SPEC
    rendered, diagnostics = compiled(spec, None, workspace(ENGINES[engine]))
    if not rendered:
        (code,) = {diagnostic.code for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR}
        assert code == "MLC705"
        return None
    texts = [content for path, content in files(rendered).items() if f"/{engine}/" in path]
    return [
        word
        for content in texts
        for document in yaml.load_all(content, Loader=yaml.CSafeLoader)
        for word in words(document)
    ]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=counts.times(10), deadline=None)
@given(text=st.text(alphabet="$()Xa ", min_size=1, max_size=6))
def test_a_parameter_reaches_its_container_as_written_or_is_refused(engine: str, text: str) -> None:
    words = container_words(engine, text)
    if words is None:
        assert expanded(text + ")") != text + ")"
    else:
        assert [word for word in words if expanded(word) != word] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_single_dollar_is_no_mistake(engine: str) -> None:
    words = container_words(engine, "in US$ (net)")
    assert words is not None
    assert any("in US$ (net)" in word for word in words)
