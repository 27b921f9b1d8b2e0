"""The modules: one text for one content, whole in the ConfigMap, and never anything of a user's but names and texts."""

from __future__ import annotations

import ast
import subprocess
from functools import lru_cache
from pathlib import Path

import yaml
from hypothesis import given
from msgspec.structs import replace
from unit.emit.hostile_text import texts as hostile
from unit.engines.feast.test_hostile import described, shape
from unit.engines.hopsworks.sample import rendered, shared

from mlopsctl.blueprint.model.blueprint import Shared

RUFF = Path(__file__).resolve().parents[4] / ".venv" / "bin" / "ruff"


@lru_cache(maxsize=1)
def plain() -> Shared:
    return shared()


def modules(what: Shared) -> dict[str, str]:
    return {path: text for path, text in rendered(what).items() if path.endswith(".py")}


def shapes(text: str) -> dict[str, str]:
    changed = replace(plain(), systems=tuple(described(system, text) for system in plain().systems))
    return {path: shape(source) for path, source in modules(changed).items()}


def calls(source: str, method: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def test_the_steps_mount_what_lies_in_the_repository() -> None:
    contents = rendered(plain())
    (config_map,) = yaml.safe_load_all(contents["manifests/features.yaml"])

    assert config_map["metadata"]["name"] == "acme-features"
    assert config_map["data"] == {
        path.removeprefix("repo/"): text for path, text in contents.items() if "repo/" in path
    }


def test_the_same_systems_give_the_same_bytes() -> None:
    assert rendered(shared()) == rendered(plain())


def test_groups_of_every_system_come_before_the_first_view() -> None:
    source = modules(plain())["repo/feature_store.py"]
    (apply,) = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))

    assert [ast.unparse(line) for line in apply.body[1:]] == [
        "card_fraud_features.groups(fs)",
        "merchants_features.groups(fs)",
        "card_fraud_features.views(fs)",
        "merchants_features.views(fs)",
    ]


def test_a_set_without_a_model_begins_with_its_first_view() -> None:
    blueprint = plain().systems[0]
    source = modules(replace(plain(), systems=(replace(blueprint, model=None), plain().systems[1])))
    text = source["repo/card_fraud_features.py"]

    assert "fraud_inputs_rows" not in text
    assert "labels=[]" in text
    assert len(calls(text, "join")) == 1
    assert "def training_data" not in text


def test_a_group_that_is_not_online_has_no_ttl() -> None:
    groups = calls(modules(plain())["repo/merchants_features.py"], "create_external_feature_group")

    assert ["ttl" in {keyword.arg for keyword in group.keywords} for group in groups] == [False, True]


def test_the_format_of_the_workspace_is_every_managed_groups() -> None:
    what = shared(features="{engine: hopsworks, timeTravel: ICEBERG, connectors: {bigquery: risk-warehouse}}")
    groups = calls(modules(what)["repo/card_fraud_features.py"], "get_or_create_feature_group")
    formats = [
        ast.unparse(keyword.value)
        for group in groups
        for keyword in group.keywords
        if keyword.arg == "time_travel_format"
    ]

    assert formats == ["'ICEBERG'"] * 2


def test_the_modules_are_laid_out_as_ruff_would(tmp_path: Path) -> None:
    for path, text in modules(plain()).items():
        (tmp_path / Path(path).name).write_text(text)
    command = [RUFF, "format", "--check", "--isolated", "--no-cache", "--line-length", "100", tmp_path]

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@given(hostile.filter(lambda text: text not in ("", "note", "system", "owner", "tier")))
def test_a_hostile_text_is_only_ever_a_text(text: str) -> None:
    assert shapes(text) == shapes("x")


@given(hostile.filter(bool))
def test_a_hostile_query_or_connector_is_only_ever_a_text(text: str) -> None:
    blueprint = plain().systems[1]
    assert blueprint.features
    source = replace(blueprint.features.sources[0], table=None, query=text)
    settings = {**plain().engines.features.settings, "connectors": {"bigquery": text}}
    engines = replace(plain().engines, features=replace(plain().engines.features, settings=settings))
    systems = (plain().systems[0], replace(blueprint, features=replace(blueprint.features, sources=(source,))))
    tree = ast.parse(modules(replace(plain(), systems=systems, engines=engines))["repo/merchants_features.py"])

    queries = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "query" in ast.unparse(node.targets[0])
    ]
    connectors = [c.keywords[0].value for c in calls(ast.unparse(tree), "get_data_source")]
    assert [ast.literal_eval(value) for value in (*queries, *connectors)] == [text] * 4
