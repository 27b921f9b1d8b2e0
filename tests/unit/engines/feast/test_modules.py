"""The modules of the feature project: what they define, and how they read."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import yaml
from msgspec.structs import replace
from unit.engines.feast.sample import CARDS, MERCHANTS, rendered, shared, texts

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.feast import target

MODULES = ("card_fraud_features", "entities", "merchants_features", "on_demand")


def tree(module: str, files: dict[str, str] | None = None) -> ast.Module:
    return ast.parse((files or rendered())[f"repo/{module}.py"])


def calls(module: ast.Module, function: str) -> dict[str, dict[str, ast.expr]]:
    """Return each call of a function, by its `name` keyword: the keywords."""
    calls = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            calls[ast.literal_eval(keywords["name"])] = keywords
    return calls


def test_the_repository_has_a_module_a_system_beside_the_entities_and_the_store() -> None:
    files = rendered()

    assert list(files) == [
        "manifests/features.yaml",
        *(f"repo/{name}.py" for name in MODULES[:2]),
        "repo/feature_store.yaml",
        *(f"repo/{name}.py" for name in MODULES[2:]),
    ]


def test_the_config_map_holds_the_same_files_and_nothing_else() -> None:
    files = rendered()
    config_map = yaml.safe_load(files["manifests/features.yaml"])

    assert {f"repo/{name}": text for name, text in config_map["data"].items()} == {
        path: text for path, text in files.items() if path.startswith("repo/")
    }
    assert config_map["metadata"]["name"] == "acme-features"
    assert config_map["metadata"]["namespace"] == "ml-prod"


def test_a_system_renders_nothing_of_its_own() -> None:
    assert len(target.render(shared().systems[0])) == 0


def test_systems_without_features_make_no_repository() -> None:
    what = shared()
    bare = replace(what, systems=tuple(replace(system, features=None) for system in what.systems))

    assert texts(target.render_shared(bare)) == {}


def test_an_entity_that_two_systems_name_is_defined_once() -> None:
    entities = calls(tree("entities"), "Entity")

    assert list(entities) == ["card", "merchant"]
    assert ast.literal_eval(entities["card"]["tags"]) == {"systems": "card-fraud merchants"}
    assert not calls(tree("card_fraud_features"), "Entity")
    assert not calls(tree("merchants_features"), "Entity")


def test_a_set_imports_the_view_of_another_system_from_its_module() -> None:
    module = tree("card_fraud_features")
    imported = {
        node.module: [name.name for name in node.names] for node in ast.walk(module) if isinstance(node, ast.ImportFrom)
    }

    assert imported["merchants_features"] == ["merchant_risk_view"]
    assert "merchant_risk" not in calls(module, "FeatureView")


def test_a_set_asks_each_producer_for_its_fields_in_the_order_of_the_set() -> None:
    service = calls(tree("card_fraud_features"), "FeatureService")["fraud_inputs"]

    assert ast.unparse(service["features"]) == (
        "[card_activity_view[['txn_count_1h', 'countries_7d']], amount_vs_usual_view[['amount_ratio']], "
        "merchant_risk_view[['score']]]"
    )


def test_a_view_of_a_source_that_takes_pushes_reads_the_push_source() -> None:
    module = tree("card_fraud_features")

    assert ast.unparse(calls(module, "FeatureView")["card_activity"]["source"]) == "card_stats_push"
    assert ast.unparse(calls(module, "PushSource")["card_stats_push"]["batch_source"]) == "card_stats_source"


def test_a_ttl_is_said_in_the_largest_unit_that_is_exact() -> None:
    views = {
        **calls(tree("card_fraud_features"), "FeatureView"),
        **calls(tree("merchants_features"), "FeatureView"),
    }
    ttls = {name: ast.unparse(keywords["ttl"]) for name, keywords in views.items()}

    assert ttls == {
        "card_activity": "timedelta(hours=2)",
        "merchant_risk": "timedelta(minutes=90)",
        "card_limit": "timedelta(days=3)",
    }


def test_a_transform_carries_everything_it_uses_inside_its_body() -> None:
    function = next(node for node in ast.walk(tree("card_fraud_features")) if isinstance(node, ast.FunctionDef))

    assert ast.unparse(function.body[0]) == "import card_fraud.features as code"
    assert ast.unparse(function.body[1]) == (
        "return code.amount_vs_usual(inputs[['amount', 'amount_avg_7d']])[['amount_ratio', 'amount_over']]"
    )
    used = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
    assert used == {"code", "inputs"}


def test_without_transforms_there_is_no_module_for_them() -> None:
    assert "repo/on_demand.py" not in rendered(shared(MERCHANTS))


def test_things_of_different_kinds_may_share_a_name_and_hide_no_import() -> None:
    same = MERCHANTS.replace("merchant_stats", "timedelta").replace("merchant_risk", "timedelta")
    module = tree("merchants_features", rendered(shared(same)))
    assigned = [node.targets[0].id for node in module.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    imported = {
        name.asname or name.name
        for node in module.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert len(set(assigned)) == len(assigned)
    assert not imported & set(assigned)


def test_only_what_a_module_uses_is_imported() -> None:
    for name in MODULES:
        module = tree(name)
        imported = {
            each.asname or each.name
            for node in module.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for each in node.names
        }
        used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
        assert imported <= used, name


def test_house_tags_come_first_and_cannot_be_replaced() -> None:
    claimed = CARDS.replace("tags: {domain: cards}", "tags: {system: mine, domain: cards}")
    source = calls(tree("card_fraud_features", rendered(shared(claimed, MERCHANTS))), "FileSource")["card_stats"]

    tags = ast.literal_eval(source["tags"])
    assert list(tags.items()) == [("system", "card-fraud"), ("tier", "1"), ("domain", "cards")]


def test_the_modules_are_laid_out_as_ruff_would(tmp_path: Path) -> None:
    for path, text in rendered().items():
        if path.endswith(".py"):
            (tmp_path / Path(path).name).write_text(text)
    ruff = [sys.executable, "-m", "ruff"]
    common = ["--isolated", "--config", "line-length=100"]
    select = ["--select", "E,F,I,W", "--config", f"src={json.dumps([str(tmp_path)])}"]
    formatted = subprocess.run(
        [*ruff, "format", *common, "--diff", tmp_path], capture_output=True, text=True, check=False
    )
    checked = subprocess.run([*ruff, "check", *common, *select, tmp_path], capture_output=True, text=True, check=False)

    assert formatted.returncode == 0, formatted.stdout + formatted.stderr
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_same_systems_give_the_same_bytes() -> None:
    first: Shared = shared()

    assert target.render_shared(first) == target.render_shared(shared())
