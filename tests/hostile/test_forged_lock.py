"""Locks edited in a pull request: a version that says something else than it said before stops the plan.

The oracle is the base itself: every fact of every locked version is changed in turn. Nothing passes but an entry as
`lock` writes it when the registry's answer changed (`sealed`, which says what it replaces), and that as a warning. How
`lock` asks a registry is tested in tests/unit/cli/test_lock.py.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from repository import CARD_FRAUD, commit, edit, payments

from mlopsctl.cli.group import mlopsctl
from mlopsctl.lock.digest import digest, sealed

KEY = "card-fraud@champion"
FLOAT = {
    "txn_count_1h": "float64",
    "amount_ratio": "float64",
    "score": "float64",
    "amount": "float64",
    "country": "string",
}
FORGED: dict[str, Any] = {
    "signature": {"inputs": FLOAT, "outputs": {"is_fraud": "float64"}},
    "uri": "s3://acme-models/card-fraud/evil",
    "run": "ffffffffffffffffffffffffffffffff",
    "snapshot": "s3://acme-models/card-fraud/evil/snapshot.parquet",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = payments(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mlopsctl, list(arguments), standalone_mode=False)


def plan() -> tuple[int, list[str]]:
    done = run("plan", "-o", "json")
    guards = json.loads(done.stdout)["guards"]
    return done.return_value, [f"{guard['severity']} {guard['code']}" for guard in guards]


def read(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "mlops.lock").read_text("utf-8"))


def write(root: Path, data: dict[str, Any]) -> None:
    (root / "mlops.lock").write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")


def with_digests(root: Path) -> None:
    """Commit the lock as `lock` writes it today."""
    data = read(root)
    for environment in data["environments"].values():
        environment["models"] = {key: sealed(entry, None) for key, entry in environment["models"].items()}
    write(root, data)
    commit(root)


@pytest.mark.parametrize("fact", FORGED)
@pytest.mark.parametrize("place", ["dev", "prod", "candidate"])
@pytest.mark.parametrize("how", ["no digests", "old digest", "new digest", "digest taken out"])
def test_a_forged_fact_of_a_locked_version_stops_the_plan(root: Path, fact: str, place: str, how: str) -> None:
    if how != "no digests":
        with_digests(root)
    data = read(root)
    entry = data["environments"]["dev" if place == "dev" else "prod"]["models"][KEY]
    entry = entry["candidate"] if place == "candidate" else entry
    entry[fact] = FORGED[fact]
    if how == "new digest":
        entry["digest"] = digest(entry)
    elif how == "digest taken out":
        del entry["digest"]
    write(root, data)

    code, codes = plan()

    assert code == 1
    assert "error MLC941" in codes


def test_a_change_of_type_is_not_let_through_by_a_forged_signature(root: Path) -> None:
    old, new = "txn_count_1h: {type: int64, min: 0}", "txn_count_1h: {type: float64, min: 0}"
    edit(root, CARD_FRAUD, old, new)
    text = (root / "mlops.lock").read_text("utf-8")
    (root / "mlops.lock").write_text(text.replace("txn_count_1h: int64", "txn_count_1h: float64"), "utf-8")

    code, codes = plan()

    assert code == 1
    assert codes.count("error MLC941") == 3


@pytest.mark.parametrize("owner", [CARD_FRAUD, "workspace.yaml"])
def test_no_reason_lifts_it(root: Path, owner: str) -> None:
    text = (root / "mlops.lock").read_text("utf-8")
    (root / "mlops.lock").write_text(text.replace("amount: float64", "amount: int64"), "utf-8")
    name = "name: card-fraud, " if "name: card-fraud, " in (root / owner).read_text("utf-8") else ""
    before = (root / owner).read_text("utf-8")
    head = "metadata: {" if "metadata: {" in before else "metadata:\n"
    accepts = "accepts: {MLC941: it is meant}"
    put = f"{head}{accepts}, " if head.endswith("{") else f"{head}  {accepts}\n"
    (root / owner).write_text(before.replace(head, put, 1), "utf-8")

    assert "error MLC941" in plan()[1], name


def test_a_lock_whose_registry_changed_is_a_warning_that_says_so(root: Path) -> None:
    with_digests(root)
    data = read(root)
    models = data["environments"]["dev"]["models"]
    models[KEY] = sealed({**models[KEY], "uri": FORGED["uri"]}, models[KEY])
    write(root, data)

    code, codes = plan()

    assert code == 0
    assert "warning MLC941" in codes


def test_an_entry_that_does_not_match_its_digest_is_an_error_of_validate(root: Path) -> None:
    with_digests(root)
    assert run("validate").return_value == 0
    edit(root, "mlops.lock", "uri: s3://acme-models/card-fraud/42", "uri: s3://acme-models/card-fraud/43")

    done = run("validate", "-o", "json")

    diagnostics = [
        diagnostic for diagnostic in json.loads(done.stdout)["diagnostics"] if diagnostic["severity"] == "error"
    ]
    assert [diagnostic["code"] for diagnostic in diagnostics] == ["MLC940"]
    assert "--upgrade card-fraud@champion" in diagnostics[0]["help"]


def test_a_digest_stands_for_every_fact_and_for_the_order_of_the_columns() -> None:
    rng = random.Random(7)  # noqa: S311 - nothing is kept secret with it
    entry = {"version": "41", "uri": "s3://a/41", "run": "r", "signature": {"inputs": FLOAT}, "snapshot": "s3://a/s"}
    names = list(FLOAT)
    seen = {digest(entry)}
    for fact, value in FORGED.items():
        seen.add(digest({**entry, fact: value}))
    for _ in range(20):
        rng.shuffle(names)
        if names != list(FLOAT):
            seen.add(digest({**entry, "signature": {"inputs": {name: FLOAT[name] for name in names}}}))
    assert len(seen) >= 20
    assert digest({**entry, "candidate": {"version": "42"}, "digest": "x", "replaces": "y"}) == digest(entry)


def test_a_new_version_a_rollout_and_a_promotion_pass(root: Path) -> None:
    with_digests(root)
    data = read(root)
    prod = data["environments"]["prod"]["models"]
    prod[KEY] = sealed(dict(prod[KEY]["candidate"]), prod[KEY])
    write(root, data)

    assert "MLC941" not in " ".join(plan()[1])
