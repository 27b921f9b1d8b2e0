"""`mlopsctl lock` and `mlopsctl promote` against a real MLflow server and a real image registry on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import image_registry
import model_registry
import pytest
from image_registry import Registry

from mlopsctl.source.node import plain
from mlopsctl.source.reader import read_file

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]

ROOT = Path(__file__).resolve().parents[3]
INPUTS = {
    "txn_count_1h": "int64",
    "amount_ratio": "float64",
    "score": "float64",
    "amount": "float64",
    "country": "string",
}
OUTPUTS = {"is_fraud": "float64"}
PASSED = {"average_precision": 0.9}
MODEL = "card-fraud@champion"


@pytest.fixture(scope="module")
def images(docker_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with image_registry.running(docker_registry, tmp_path_factory.mktemp("images")) as registry:
        registry.push("card-fraud", "1.4", "fraud")
        registry.push("merchants", "2.0", "merchants")
        yield registry


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with model_registry.running(tmp_path_factory.mktemp("models")) as address:
        yield address


@pytest.fixture
def payments(images: Registry, models: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the example that asks the two registries, in a git repository without a lock."""
    folder = tmp_path / "payments"
    shutil.copytree(ROOT / "examples" / "payments", folder)
    for file in folder.rglob("*.yaml"):
        text = file.read_text().replace("ghcr.io/acme", images.host).replace("http://mlflow.mlops.svc:5000", models)
        file.write_text(text)
    (folder / "mlops.lock").unlink()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    git("init", "-q", "-b", "main")
    commit("Begin")
    return folder


@pytest.fixture
def champion(models: str) -> Iterator[Any]:
    """Register versions of the model under a clean name, and forget them at the end."""
    client = forget(models)
    yield lambda **tags: model_registry.register(
        models, "card-fraud", **{"inputs": INPUTS, "outputs": OUTPUTS, "gates": PASSED, **tags}
    )
    forget(models)
    del client


def forget(address: str) -> Any:
    import mlflow

    client = mlflow.MlflowClient(address, address)
    if client.search_registered_models("name = 'card-fraud'"):
        client.delete_registered_model("card-fraud")
    return client


def git(*words: str) -> str:
    identity = ["-c", "user.name=A Test", "-c", "user.email=test@example.com"]
    return subprocess.run(["git", *identity, *words], check=True, capture_output=True, text=True).stdout


def commit(message: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", message)


def lock() -> Any:
    node, diagnostics = read_file("mlops.lock", "mlops.lock")
    assert node is not None, diagnostics
    return plain(node)


def model(environment: str) -> Any:
    return lock()["environments"][environment]["models"][MODEL]


def test_a_fresh_lock_holds_what_the_registries_say(payments: Path, images: Registry, champion: Any, run: Any) -> None:
    version, made_by = champion()
    assert run("lock", "--check").code == 3
    ran = run("lock")
    assert ran.code == 0, ran.err
    assert f"dev: model {MODEL} is version {version}\n" in ran.out
    assert ran.out.endswith("mlops.lock: 6 changes; run `mlopsctl render` to update the tree\n")
    assert lock()["metadata"] == {"name": "payments"}
    for environment in ("dev", "prod"):
        digests = lock()["environments"][environment]["images"]
        assert list(digests) == [f"{images.host}/card-fraud:1.4", f"{images.host}/merchants:2.0"]
        locked = model(environment)
        assert (locked["version"], locked["run"]) == (version, made_by)
        assert locked["signature"] == {"inputs": INPUTS, "outputs": OUTPUTS}
        assert locked["uri"].endswith(f"{made_by}/artifacts/model")
        assert locked["snapshot"].endswith("/snapshot/rows.parquet")
    text = Path("mlops.lock").read_text()
    assert text.startswith("# What each environment runs, settled in Git")
    assert "          inputs: {txn_count_1h: int64, amount_ratio: float64, score: float64, amount: float64" in text
    assert run("lock", "--check").code == 0
    assert run("validate").code == 0
    assert run("lock").out == "mlops.lock: nothing to change\n"
    assert Path("mlops.lock").read_text() == text


def test_what_is_locked_stays_until_it_is_upgraded_by_name(
    payments: Path, images: Registry, champion: Any, run: Any
) -> None:
    champion()
    assert run("lock").code == 0
    before = lock()
    moved = images.push("card-fraud", "1.4", "another")
    second, _ = champion()
    assert run("lock").out == "mlops.lock: nothing to change\n"
    ran = run("lock", "--upgrade", f"{images.host}/card-fraud")
    assert ran.code == 0, ran.err
    assert ran.out.count("\n") == 3
    key = f"{images.host}/card-fraud:1.4"
    assert lock()["environments"]["dev"]["images"][key] == moved
    assert model("dev") == before["environments"]["dev"]["models"][MODEL]
    ran = run("lock", "--upgrade", "card-fraud", "--env", "dev")
    assert f"dev: model {MODEL} changes from version 1 to {second}\n" in ran.out
    assert model("prod")["version"] == "1"


def test_a_new_version_comes_in_as_candidate_where_it_is_rolled_out(payments: Path, champion: Any, run: Any) -> None:
    champion()
    run("lock")
    second, made_by = champion()
    ran = run("lock", "--upgrade-all")
    assert ran.code == 0, ran.err
    assert f"prod: model {MODEL} stays version 1; {second} becomes the candidate (canary)\n" in ran.out
    assert model("dev")["version"] == second
    assert (model("prod")["version"], model("prod")["candidate"]["run"]) == ("1", made_by)
    assert run("lock", "--upgrade-all").out == "mlops.lock: nothing to change\n"
    third, _ = champion()
    ran = run("lock", "--upgrade", MODEL, "--env", "prod")
    assert f"{third} becomes the candidate instead of {second} (canary)" in ran.out
    ran = run("lock", "--finish", "card-fraud")
    assert ran.out.startswith(f"prod: model {MODEL} changes from version 1 to {third}\n")
    assert model("prod")["version"] == third
    assert "candidate" not in model("prod")
    again = run("lock", "--finish", "card-fraud")
    assert (again.code, "has no candidate" in again.err) == (2, True)


def test_an_alias_that_went_back_takes_the_candidate_away(payments: Path, models: str, champion: Any, run: Any) -> None:
    import mlflow

    champion()
    run("lock")
    second, _ = champion()
    run("lock", "--upgrade", MODEL)
    mlflow.MlflowClient(models, models).set_registered_model_alias("card-fraud", "champion", "1")
    ran = run("lock", "--upgrade", MODEL, "--env", "prod")
    assert f"prod: model {MODEL} stays version 1; candidate {second} is removed\n" in ran.out
    assert "candidate" not in model("prod")


def test_what_cannot_be_resolved_is_told_and_the_rest_is_written(
    payments: Path, models: str, champion: Any, run: Any
) -> None:
    nowhere = f"127.0.0.1:{image_registry.free_port()}"
    spec = Path("systems/merchants/mlops.yaml")
    spec.write_text(spec.read_text().replace("merchants:2.0", "merchants:9.9"))
    workspace = Path("workspace.yaml")
    workspace.write_text(workspace.read_text().replace(models, f"http://{nowhere}"))
    champion()
    ran = run("lock")
    assert ran.code == 1
    assert ran.err.count("error[MLC932]") == 1
    assert ran.err.count("error[MLC933]") == 1
    assert "has no merchants:9.9: push it, or correct the tag" in ran.err
    assert f"`{MODEL}`: http://{nowhere} refuses the connection: is it running?" in ran.err
    assert "systems/card-fraud/mlops.yaml:" in ran.err
    assert "could not be resolved; their entries in mlops.lock are unchanged\n" in ran.err
    written = lock()["environments"]
    assert {name for entry in written.values() for name in entry.get("images", {})} and not any(
        "merchants" in name for entry in written.values() for name in entry.get("images", {})
    )
    assert not any(entry.get("models") for entry in written.values())
    before = Path("mlops.lock").read_bytes()
    again = run("lock")
    assert (again.code, Path("mlops.lock").read_bytes()) == (1, before)
    spec.write_text(spec.read_text().replace("merchants:9.9", "merchants:2.0"))
    workspace.write_text(workspace.read_text().replace(f"http://{nowhere}", models))
    assert run("lock").code == 0
    assert run("lock", "--check").code == 0


def test_a_model_that_is_not_registered_yet_is_left_out_unless_it_was_named(
    payments: Path, champion: Any, run: Any
) -> None:
    ran = run("lock")
    assert ran.code == 0, ran.err
    assert ran.err.count("warning[MLC934]") == 1
    assert "models" not in lock()["environments"]["prod"]
    before = Path("mlops.lock").read_bytes()
    ran = run("lock", "--upgrade", MODEL)
    assert ran.code == 1
    assert "error[MLC934]" in ran.err
    assert Path("mlops.lock").read_bytes() == before


def test_a_version_without_a_record_of_its_signature_is_locked_with_a_warning(
    payments: Path, champion: Any, run: Any
) -> None:
    champion(inputs=None)
    ran = run("lock")
    assert (ran.code, "warning[MLC935]" in ran.err) == (0, True)
    assert "signature" not in model("prod")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"txn_count_1h": "decimal"}, "error[MLC105]"),
        ({"txn count": "int64"}, "error[MLC112]"),
        ({"txn_count_1h": "float64"}, "error[MLC512]"),
    ],
)
def test_a_version_that_does_not_fit_is_shown_and_not_written(
    inputs: dict[str, str], said: str, payments: Path, champion: Any, run: Any
) -> None:
    champion(inputs={**INPUTS, **inputs})
    ran = run("lock")
    assert ran.code == 1
    assert said in ran.err
    assert "nothing is written" in ran.err
    assert not Path("mlops.lock").exists()


def test_what_nothing_uses_is_dropped_and_comments_stay(payments: Path, champion: Any, run: Any) -> None:
    champion()
    run("lock")
    text = Path("mlops.lock").read_text()
    more = text.replace(
        "environments:\n",
        "environments:\n  # an environment of the past\n  trial:\n    images:\n      a/b:1: sha256:" + "0" * 64 + "\n",
    ).replace(
        "    models:\n",
        "    # models below\n    models:  # by alias\n      old@champion: {version: '7', uri: s3://a/7}\n",
        1,
    )
    Path("mlops.lock").write_text(more)
    ran = run("lock", "--check")
    assert ran.code == 3
    assert ran.out == ("dev: model old@champion is unused\ntrial: image a/b:1 is unused\n")
    assert run("lock", "--check", "--env", "prod").code == 0
    assert run("lock").code == 0
    kept = text.replace("environments:\n", "environments:\n  # an environment of the past\n")
    kept = kept.replace("    models:\n", "    # models below\n    models:  # by alias\n", 1)
    assert Path("mlops.lock").read_text() == kept


def test_a_setting_of_this_machine_stands_over_the_workspace_and_is_told(
    payments: Path, models: str, champion: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Path("workspace.yaml")
    workspace.write_text(workspace.read_text().replace(models, "http://mlflow.mlops.svc:5000"))
    version, _ = champion()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", models)
    ran = run("lock")
    assert ran.code == 0, ran.err
    assert f"models are read from {models} (MLFLOW_TRACKING_URI), not from the workspace's registry" in ran.err
    assert model("prod")["version"] == version


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--upgrade", "card-frud"], "did you mean `card-fraud`?"),
        (["--env", "prd"], "did you mean `prod`?"),
        (["--finish", "nothing"], "no system uses"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str, payments: Path, run: Any) -> None:
    ran = run("lock", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_a_lock_that_is_a_link_out_of_the_project_is_not_written(
    payments: Path, champion: Any, run: Any, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.lock"
    outside.write_text("apiVersion: mlopsctl.dev/v1alpha1\nkind: Lock\nmetadata: {name: x}\n")
    Path("mlops.lock").symlink_to(outside)
    champion()
    ran = run("lock")
    assert ran.code == 1
    assert "leads out of the project" in ran.err
    assert "environments" not in outside.read_text()


def test_a_single_spec_locks_what_was_registered_beside_it(
    images: Registry, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "quickstart"
    shutil.copytree(ROOT / "examples" / "quickstart", folder, ignore=shutil.ignore_patterns(".mlops", "data"))
    spec = folder / "mlops.yaml"
    spec.write_text(spec.read_text().replace("ghcr.io/acme/churn:0.3", f"{images.host}/card-fraud:1.4"))
    (folder / "mlops.lock").unlink()
    ran = run("lock", str(folder))
    assert (ran.code, "`mlopsctl run` creates one" in ran.err) == (0, True)
    (folder / ".mlops").mkdir()
    inputs = {"visits_7d": "int64", "spend_30d": "float64", "spend_per_visit": "float64", "plan": "string"}
    address = f"sqlite:///{folder / '.mlops' / 'mlflow.db'}"
    where = (folder / ".mlops" / "artifacts").as_uri()
    version, _ = model_registry.register(
        address, "churn", inputs=inputs, outputs={"churned": "float64"}, gates={}, artifacts=where
    )
    ran = run("lock", str(folder))
    assert f"local: model churn@champion is version {version}\n" in ran.out, ran.err


def test_a_damaged_local_registry_is_said_to_be_so(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "quickstart"
    shutil.copytree(ROOT / "examples" / "quickstart", folder, ignore=shutil.ignore_patterns(".mlops", "data"))
    (folder / ".mlops").mkdir()
    (folder / ".mlops" / "mlflow.db").write_bytes(b"no database at all" * 100)
    ran = run("lock", str(folder), "--upgrade", "churn")
    assert ran.code == 1
    assert "error[MLC933]" in ran.err
    assert "Traceback" not in ran.err


@pytest.fixture
def ahead(payments: Path, champion: Any, run: Any) -> Path:
    """Lock and render version 1 everywhere, then lock version 2 in dev alone, and commit both."""
    champion()
    assert run("lock").code == 0
    assert run("render").code == 0
    commit("Run version 1")
    champion()
    assert run("lock", "--upgrade", MODEL, "--env", "dev").code == 0
    assert run("render").code == 0
    commit("Try version 2 in dev")
    return payments


def tree() -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(Path("generated").rglob("*")) if file.is_file()}


def test_a_promoted_version_comes_in_as_candidate_and_a_revert_renders_the_old_bytes(ahead: Path, run: Any) -> None:
    before, rendered = Path("mlops.lock").read_bytes(), tree()
    ran = run("promote", "--from", "dev", "--to", "prod", "--system", "card-fraud")
    assert (ran.code, ran.err) == (0, "")
    moved, what, *plan, written = ran.out.splitlines()
    assert moved == f"prod: model {MODEL} stays version 1; 2 becomes the candidate (canary)"
    assert what == ""
    assert plan[0] == "This change reroutes endpoint fraud-scorer of card-fraud."
    assert any("the rollout pipeline gives the candidate 5, 25, 100 % of the traffic" in line for line in plan)
    assert written == "mlops.lock is written; run `mlopsctl render` to update the tree"
    assert model("prod")["candidate"] == model("dev")
    assert run("render").code == 0
    commit("Promote card-fraud")
    assert tree() != rendered
    git("revert", "--no-edit", "HEAD")
    assert (Path("mlops.lock").read_bytes(), tree()) == (before, rendered)
    assert run("render", "--check").code == 0
    shutil.rmtree("generated")
    assert run("render").code == 0
    assert tree() == rendered


def test_comments_and_style_outlast_a_promotion(ahead: Path, run: Any) -> None:
    text = Path("mlops.lock").read_text().replace("  prod:\n", "  prod:   # with care\n    # pinned\n")
    Path("mlops.lock").write_bytes(text.replace("\n", "\r\n").encode())
    assert run("promote", "--to", "prod").code == 0
    after = Path("mlops.lock").read_bytes().decode()
    assert after.count("\n") == after.count("\r\n")
    kept = [line for line in after.replace("\r\n", "\n").splitlines() if line in text.splitlines()]
    assert kept[: len(text.splitlines())] == text.splitlines()


def test_a_dry_run_and_a_second_promotion_write_nothing(ahead: Path, run: Any) -> None:
    before = Path("mlops.lock").read_bytes()
    ran = run("promote", "--to", "prod", "--dry-run")
    assert ran.out.endswith("dry run: nothing is written\n")
    assert Path("mlops.lock").read_bytes() == before
    run("promote", "--to", "prod")
    assert run("promote", "--to", "prod").out == "prod already has the versions of dev: nothing to promote\n"
    assert (
        run("promote", "--to", "prod", "--system", "merchants").out
        == "prod already has the versions of dev: nothing to promote\n"
    )


def test_a_branch_holds_the_change_and_nothing_else_is_touched(ahead: Path, run: Any) -> None:
    for name in ("user.name", "user.email"):
        git("config", name, "test@example.com")
    Path("notes.txt").write_text("not committed")
    git("add", "notes.txt")
    Path("workspace.yaml").write_text(Path("workspace.yaml").read_text() + "# not staged\n")
    before = git("status", "--porcelain"), git("rev-parse", "HEAD"), Path("mlops.lock").read_bytes()
    ran = run("promote", "--to", "prod", "--branch", "promote/card-fraud")
    assert ran.code == 0, ran.err
    assert (git("status", "--porcelain"), git("rev-parse", "HEAD"), Path("mlops.lock").read_bytes()) == before
    assert git("diff", "--name-only", "HEAD", "promote/card-fraud") == "mlops.lock\n"
    assert git("rev-parse", "promote/card-fraud~1") == git("rev-parse", "HEAD")
    assert git("log", "-1", "--format=%B", "promote/card-fraud").startswith(
        f"Promote card-fraud, merchants from dev to prod\n\nprod: model {MODEL} stays version 1"
    )
    assert "candidate:" in git("show", "promote/card-fraud:mlops.lock")
    again = run("promote", "--to", "prod", "--branch", "promote/card-fraud")
    assert (again.code, "already exists" in again.err) == (1, True)
    odd = run("promote", "--to", "prod", "--branch", "a..b")
    assert (odd.code, "is not a valid branch name" in odd.err) == (2, True)
    Path("mlops.lock").write_bytes(before[2] + b"# a person's\n")
    edited = run("promote", "--to", "prod", "--branch", "other")
    assert (edited.code, "has uncommitted changes" in edited.err) == (1, True)


def test_without_a_repository_there_is_no_branch(ahead: Path, run: Any) -> None:
    shutil.rmtree(".git")
    ran = run("promote", "--to", "prod", "--branch", "x")
    assert (ran.code, "is not a git repository" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (None, "has no recorded gates"),
        ({}, "has no recorded `average_precision`"),
        ({"average_precision": 0.5}, "has `average_precision` = 0.5, below the minimum of 0.82"),
    ],
)
def test_a_version_that_did_not_pass_the_gates_is_not_promoted(
    gates: Any, said: str, payments: Path, champion: Any, run: Any
) -> None:
    champion()
    run("lock")
    champion(gates=gates)
    run("lock", "--upgrade", MODEL, "--env", "dev")
    before = Path("mlops.lock").read_bytes()
    ran = run("promote", "--to", "prod")
    assert ran.code == 1
    assert "error[MLC937]" in ran.err
    assert said in ran.err
    assert Path("mlops.lock").read_bytes() == before
    unseen = run("promote", "--to", "prod", "--offline")
    assert (unseen.code, "warning[MLC938]" in unseen.err) == (0, True)


def test_a_registry_that_cannot_be_asked_stops_a_promotion_unless_it_is_unseen(
    ahead: Path, models: str, run: Any
) -> None:
    workspace = Path("workspace.yaml")
    workspace.write_text(workspace.read_text().replace(models, f"http://127.0.0.1:{image_registry.free_port()}"))
    ran = run("promote", "--to", "prod")
    assert ran.code == 1
    assert "cannot check whether version" in ran.err
    assert "promote without the check with `--offline`" in ran.err
    assert run("promote", "--to", "prod", "--offline").code == 0


def test_a_version_that_was_registered_anew_is_not_the_one_that_was_locked(
    ahead: Path, champion: Any, models: str, run: Any
) -> None:
    forget(models)
    champion()
    champion()
    ran = run("promote", "--to", "prod")
    assert (ran.code, "was registered again by another run" in ran.err) == (1, True)


def test_a_version_that_does_not_fit_the_next_environment_is_not_promoted(
    payments: Path, champion: Any, run: Any
) -> None:
    """In dev the set has other inputs, as an override; the version that was trained there does not fit in prod."""
    champion()
    run("lock")
    spec = Path("systems/card-fraud/mlops.yaml")
    request = "features.sets.fraud_inputs.request: {amount: float64, country: string, city: string}"
    override = f"  overrides:\n    dev:\n      {request}\n"
    spec.write_text(spec.read_text().replace("  overrides:\n    dev:\n", override))
    champion(inputs={**INPUTS, "city": "string"})
    ran = run("lock", "--upgrade", MODEL, "--env", "dev")
    assert ran.code == 0, ran.err
    ran = run("promote", "--to", "prod")
    assert ran.code == 1
    assert "error[MLC512]" in ran.err
    assert (
        "version 2, which `fraud-scorer` rolls out as candidate, was trained on other inputs: `city` is removed"
        in ran.err
    )
    assert "nothing is promoted" in ran.err


def test_what_dev_has_not_locked_cannot_be_promoted(payments: Path, champion: Any, images: Registry, run: Any) -> None:
    champion()
    run("lock")
    images.push("card-fraud", "1.5", "newer")
    spec = Path("systems/card-fraud/mlops.yaml")
    text = spec.read_text().replace(
        "    dev:\n", "    prod:\n      model.code.image: " + images.host + "/card-fraud:1.5\n    dev:\n"
    )
    spec.write_text(text)
    ran = run("promote", "--to", "prod")
    assert ran.code == 1
    assert "error[MLC936]" in ran.err
    assert "run `mlopsctl lock --env dev`" in ran.err


def test_a_registry_of_its_own_is_told(ahead: Path, models: str, run: Any) -> None:
    workspace = Path("workspace.yaml")
    other = "      registry: {engine: mlflow, uri: 'http://mlflow.prod:5000'}\n"
    workspace.write_text(
        workspace.read_text().replace("      promoteFrom: dev\n", f"      stack:\n  {other}      promoteFrom: dev\n")
    )
    ran = run("promote", "--to", "prod")
    assert (ran.code, "warning[MLC939]" in ran.err) == (0, True), ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "prod", "--to", "dev"], "`prod` comes after `dev`: the order is dev -> prod"),
        (["--to", "dev"], "`dev` has no `promoteFrom`"),
        (["--to", "prd"], "did you mean `prod`?"),
        (["--to", "prod", "--system", "card-frud"], "there is no system `card-frud`; did you mean `card-fraud`?"),
        ([], "Missing option '--to'"),
    ],
)
def test_a_promotion_against_the_order_is_wrong_use(arguments: list[str], said: str, payments: Path, run: Any) -> None:
    ran = run("promote", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran.err


@pytest.fixture
def chain(payments: Path) -> Path:
    """Put `staging`, with the workspace's engines and a namespace of its own, between dev and prod."""
    workspace = Path("workspace.yaml")
    staging = "    staging: {namespace: ml-staging, vars: {warehouse: acme_staging}, promoteFrom: dev}\n"
    text = workspace.read_text().replace("promoteFrom: dev", "promoteFrom: staging")
    workspace.write_text(text.replace("    prod:\n", f"{staging}    prod:\n"))
    commit("Add staging")
    return payments


def versions() -> list[tuple[str, str | None]]:
    """Return the locked version of dev, staging and prod, each with its candidate."""
    entries = [model(environment) for environment in ("dev", "staging", "prod")]
    return [(entry["version"], entry.get("candidate", {}).get("version")) for entry in entries]


def test_a_version_passes_a_chain_of_three_environments_link_by_link(chain: Path, champion: Any, run: Any) -> None:
    champion()
    assert run("lock").code == 0
    assert run("render").code == 0
    commit("Run version 1")
    champion()
    assert run("lock", "--upgrade", MODEL, "--env", "dev").code == 0
    assert versions() == [("2", None), ("1", None), ("1", None)]

    skipped = run("promote", "--from", "dev", "--to", "prod")
    assert (skipped.code, "the order is dev -> staging -> prod" in skipped.err) == (2, True), skipped
    assert run("promote", "--to", "prod").out == "prod already has the versions of staging: nothing to promote\n"
    assert run("promote", "--to", "staging").code == 0
    assert versions() == [("2", None), ("1", "2"), ("1", None)]
    assert run("promote", "--to", "prod").out == "prod already has the versions of staging: nothing to promote\n"

    assert run("lock", "--finish", MODEL, "--env", "staging").code == 0
    assert run("promote", "--to", "prod").code == 0
    assert versions() == [("2", None), ("2", None), ("1", "2")]
    assert run("lock", "--finish", MODEL, "--env", "prod").code == 0
    assert versions() == [("2", None)] * 3
    for command in ("render", "validate", "plan"):
        ran = run(command)
        assert ran.code == 0, ran
    assert run("render", "--check").code == 0
