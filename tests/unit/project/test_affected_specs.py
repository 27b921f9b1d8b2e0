"""That a plan which reads only what a change can reach is the plan that reads everything."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from repository import CARD_FRAUD, MERCHANTS, commit, edit, payments

from mlopsctl.cli.group import mlopsctl

WORKSPACE, LOCK, SHOPS = "workspace.yaml", "mlops.lock", "systems/shops/mlops.yaml"
SCORE = "          - merchants:merchant_risk.score\n"
OF_CARD_FRAUD = "ghcr.io/acme/card-fraud:1.4: sha256:0d6f"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    blueprint = payments(tmp_path)
    monkeypatch.chdir(blueprint)
    return blueprint


def plan() -> tuple[str, str]:
    done = CliRunner().invoke(mlopsctl, ["plan", "-o", "json"], standalone_mode=False)
    assert done.exception is None
    return done.return_value, done.stdout


def shops(root: Path, **kept: str) -> None:
    """Write a system that is like merchants, under names of its own but for those that are kept."""
    text = (root / MERCHANTS).read_text().replace("ghcr.io/acme/merchants:2.0", "IMAGE")
    names = {"merchant": "shop", "score": "rating", "chargebacks_30d": "returns_30d", "reviews": "visits"}
    for old, new in {**names, "outcome": "found", "review_inputs": "visit_inputs", **kept}.items():
        text = text.replace(old, new)
    (root / "systems/shops").mkdir()
    (root / SHOPS).write_text(text.replace("IMAGE", "ghcr.io/acme/merchants:2.0"))


def a_system_that_reads_another_is_read(root: Path) -> None:
    shops(root)
    edit(root, MERCHANTS, "merchant_risk.chargebacks_30d]", 'merchant_risk.chargebacks_30d, "shops:shop_risk.rating"]')
    commit(root)
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")


def an_override_reads_another_system(root: Path) -> None:
    fields = '[card_activity.txn_count_1h, amount_vs_usual.amount_ratio, "merchants:merchant_risk.score"]'
    edit(root, CARD_FRAUD, SCORE, "")
    edit(root, CARD_FRAUD, "    dev:\n", f"    dev:\n      features.sets.fraud_inputs.fields: {fields}\n")
    commit(root)
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")


def an_image_is_named_by_a_variable(root: Path) -> None:
    edit(root, CARD_FRAUD, "image: ghcr.io/acme/card-fraud:1.4", "image: ${vars.images}/card-fraud:1.4")
    for environment in ("dev", "prod"):
        edit(root, WORKSPACE, f"warehouse: acme_{environment}", f"warehouse: acme_{environment}, images: ghcr.io/acme")
    commit(root)
    edit(root, LOCK, OF_CARD_FRAUD, OF_CARD_FRAUD.replace("0d6f", "0d7f"))


def a_spec_names_another_image(root: Path) -> None:
    edit(root, MERCHANTS, "image: ghcr.io/acme/merchants:2.0", "image: ghcr.io/acme/merchants:3.0")


def an_image_is_named_in_escapes(root: Path) -> None:
    edit(root, CARD_FRAUD, "image: ghcr.io/acme/card-fraud:1.4", 'image: "ghcr.io/acme/card\\x2dfraud:1.4"')
    commit(root)
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")


def the_workspace_names_the_image(root: Path) -> None:
    edit(root, WORKSPACE, "    retries: 2", "    image: ghcr.io/acme/mlops:1\n    retries: 2")
    locked = (root / LOCK).read_text()
    entry = f"    images:\n      ghcr.io/acme/mlops:1: sha256:{'1' * 64}\n"
    (root / LOCK).write_text(locked.replace("    images:\n", entry))
    text = (root / MERCHANTS).read_text()
    alerts = text.replace("    training: {failed: ticket, overdue: ticket}\n", "")
    (root / MERCHANTS).write_text(alerts[: alerts.index("  model:")] + alerts[alerts.index("  alerts:") :])
    commit(root)
    (root / LOCK).write_text((root / LOCK).read_text().replace("1" * 64, "2" * 64))


def a_system_comes(root: Path) -> None:
    shops(root)


def the_only_system_that_reads_none_goes(root: Path) -> None:
    shops(root)
    commit(root)
    shutil.rmtree(root / "systems/shops")


def a_new_system_takes_a_name_that_is_taken(root: Path) -> None:
    shops(root, review_inputs="review_inputs")


def an_entity_becomes_another_than_its_namesake(root: Path) -> None:
    shops(root, merchant="shop")
    edit(root, SHOPS, "      shop: {key: shop_id, type: string", "      card: {key: card_id, type: string")
    edit(root, SHOPS, "entity: shop\n", "entity: card\n")
    edit(root, SHOPS, "          shop_id: {type: string, nullable: false}\n          rating",
         "          card_id: {type: string, nullable: false}\n          rating")  # fmt: skip
    commit(root)
    edit(root, SHOPS, "      card: {key: card_id, type: string", "      card: {key: card_id, type: int64")


def an_override_takes_a_name_that_is_taken(root: Path) -> None:
    shops(root)
    commit(root)
    text = (root / SHOPS).read_text()
    same = "{fields: [shop_risk.rating]}"
    (root / SHOPS).write_text(f"{text}\n  overrides:\n    dev:\n      features.sets.fraud_inputs: {same}\n")


def a_manifest_of_a_system_changes(root: Path) -> None:
    manifest = root / "systems/merchants/extra/budget.yaml"
    manifest.parent.mkdir()
    manifest.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bounds}\ndata: {least: '1'}\n")
    text = (root / MERCHANTS).read_text()
    (root / MERCHANTS).write_text(f"{text}\n  extra:\n    bounds: {{file: extra/budget.yaml}}\n")
    commit(root)
    manifest.write_text(manifest.read_text().replace("'1'", "'2'"))


CASES = (
    a_manifest_of_a_system_changes,
    a_system_that_reads_another_is_read,
    an_override_reads_another_system,
    an_image_is_named_by_a_variable,
    a_spec_names_another_image,
    an_image_is_named_in_escapes,
    the_workspace_names_the_image,
    a_system_comes,
    the_only_system_that_reads_none_goes,
    a_new_system_takes_a_name_that_is_taken,
    an_entity_becomes_another_than_its_namesake,
    an_override_takes_a_name_that_is_taken,
)


@pytest.mark.parametrize("change", CASES, ids=lambda case: case.__name__)
def test_reading_what_a_change_reaches_gives_the_plan_of_everything(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    change(root)
    some = plan()
    monkeypatch.setattr("mlopsctl.project.affected_specs.narrowed", lambda *_: None)

    assert plan() == some


def test_a_manifest_alone_is_a_change_of_its_system(root: Path) -> None:
    a_manifest_of_a_system_changes(root)

    assert [change["path"] for change in json.loads(plan()[1])["changes"]] == ["extra.bounds"]


def test_an_image_that_the_workspace_names_changes_by_the_lock(root: Path) -> None:
    the_workspace_names_the_image(root)

    _, document = plan()

    assert [change["path"] for change in json.loads(document)["changes"]] == [
        "lock:environments.dev.images",
        "lock:environments.prod.images",
    ]


def output(*words: str) -> tuple[object, str]:
    done = CliRunner().invoke(mlopsctl, [*words, "-o", "json"], standalone_mode=False)
    assert done.exception is None, words
    return done.return_value, done.stdout


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_reading_what_a_change_reaches_gives_the_diff_of_everything(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    change(root)
    narrow = output("diff")
    monkeypatch.setattr("mlopsctl.project.affected_specs.narrowed", lambda *_: None)

    assert output("diff") == narrow


def test_a_diff_of_one_system_renders_no_other(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shops(root)
    commit(root)
    edit(root, CARD_FRAUD, "max_depth: 6", "max_depth: 7")
    decided = systems_decided(monkeypatch)

    output("diff")

    assert decided == {"card-fraud", "merchants"}


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_validating_one_spec_of_many_finds_what_validating_all_finds_about_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    change(root)
    specs = [name for name in (CARD_FRAUD, MERCHANTS, SHOPS) if (root / name).exists()]
    narrow = [output("validate", spec) for spec in specs]
    monkeypatch.setattr("mlopsctl.project.affected_specs.focused", lambda *_: None)

    assert [output("validate", spec) for spec in specs] == narrow


def test_validating_one_spec_reads_no_system_that_has_nothing_to_do_with_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops(root)
    decided = systems_decided(monkeypatch)

    output("validate", SHOPS)

    assert decided == {"shops"}


def test_explaining_a_file_of_one_system_gives_the_answer_of_everything(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops(root)
    done = CliRunner().invoke(mlopsctl, ["render"], standalone_mode=False)
    assert done.exception is None
    tree = root / "generated"
    units = ("card-fraud/kfp", "card-fraud/kserve", "merchants/prometheus", "shops/argocd", "shared/feast")
    files = [next((tree / "payments/dev" / unit).rglob("*.yaml")) for unit in units]
    lines = [f"{file.relative_to(root)}:{file.read_text().count(chr(10)) // 2}" for file in files]
    narrow = [output("explain", line) for line in lines]
    with monkeypatch.context() as patch:
        decided = systems_decided(patch)
        output("explain", next(line for line in lines if "/shops/" in line))
    assert decided == {"shops"}
    monkeypatch.setattr("mlopsctl.explain.queries.of_system", lambda *_: None)

    assert [output("explain", line) for line in lines] == narrow


def systems_decided(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect the names of the systems whose Blueprints are decided from here on."""
    from mlopsctl.blueprint.decide import build
    from mlopsctl.resolve.model import System

    names: set[str] = set()
    blueprint = build.blueprint

    def recorded(system: System, *rest: object) -> object:
        names.add(system.name)
        return blueprint(system, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "blueprint", recorded)
    return names
