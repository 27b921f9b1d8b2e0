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
    with image_registry.running(docker_registry, tmp_path_factory.mktemp("images")) as one:
        one.push("card-fraud", "1.4", "fraud")
        one.push("merchants", "2.0", "merchants")
        yield one


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
    node, found = read_file("mlops.lock", "mlops.lock")
    assert node is not None, found
    return plain(node)


def model(environment: str) -> Any:
    return lock()["environments"][environment]["models"][MODEL]


def test_a_fresh_lock_holds_what_the_registries_say(payments: Path, images: Registry, champion: Any, run: Any) -> None:
    version, made_by = champion()
    assert run("lock", "--check").code == 3
    ran = run("lock")
    assert ran.code == 0, ran.err
    assert f"dev: model {MODEL} is version {version}\n" in ran.out
    assert ran.out.endswith("mlops.lock: 6 changes; `mlopsctl render` brings them into the tree\n")
    assert lock()["metadata"] == {"name": "payments"}
    for environment in ("dev", "prod"):
        digests = lock()["environments"][environment]["images"]
        assert list(digests) == [f"{images.host}/card-fraud:1.4", f"{images.host}/merchants:2.0"]
        found = model(environment)
        assert (found["version"], found["run"]) == (version, made_by)
        assert found["signature"] == {"inputs": INPUTS, "outputs": OUTPUTS}
        assert found["uri"].endswith(f"{made_by}/artifacts/model")
        assert found["snapshot"].endswith("/snapshot/rows.parquet")
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
    assert f"dev: model {MODEL} goes from version 1 to {second}\n" in ran.out
    assert model("prod")["version"] == "1"


def test_a_new_version_comes_in_as_candidate_where_it_is_rolled_out(payments: Path, champion: Any, run: Any) -> None:
    champion()
    run("lock")
    second, made_by = champion()
    ran = run("lock", "--upgrade-all")
    assert ran.code == 0, ran.err
    assert f"prod: model {MODEL} stays version 1; {second} comes in as candidate (canary)\n" in ran.out
    assert model("dev")["version"] == second
    assert (model("prod")["version"], model("prod")["candidate"]["run"]) == ("1", made_by)
    assert run("lock", "--upgrade-all").out == "mlops.lock: nothing to change\n"
    third, _ = champion()
    ran = run("lock", "--upgrade", MODEL, "--env", "prod")
    assert f"{third} comes in as candidate instead of {second} (canary)" in ran.out
    ran = run("lock", "--finish", "card-fraud")
    assert ran.out.startswith(f"prod: model {MODEL} goes from version 1 to {third}\n")
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
    assert f"prod: model {MODEL} stays version 1; candidate {second} is dropped\n" in ran.out
    assert "candidate" not in model("prod")


def test_all_that_cannot_be_resolved_is_told_and_nothing_is_written(
    payments: Path, models: str, champion: Any, run: Any
) -> None:
    nowhere = f"127.0.0.1:{image_registry.free_port()}"
    spec = Path("systems/merchants/mlops.yaml")
    spec.write_text(spec.read_text().replace("merchants:2.0", "merchants:9.9"))
    workspace = Path("workspace.yaml")
    workspace.write_text(workspace.read_text().replace(models, f"http://{nowhere}"))
    champion()
    ran = run("lock")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("error[MLC932]") == 1
    assert ran.err.count("error[MLC933]") == 1
    assert "has no merchants:9.9: push it, or correct the tag" in ran.err
    assert f"`{MODEL}`: http://{nowhere} refuses the connection: is it running?" in ran.err
    assert "systems/card-fraud/mlops.yaml:" in ran.err
    assert not Path("mlops.lock").exists()


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
    assert ran.out == ("dev: model old@champion is used by nothing\ntrial: image a/b:1 is used by nothing\n")
    assert run("lock", "--check", "--env", "prod").code == 0
    assert run("lock").code == 0
    kept = text.replace("environments:\n", "environments:\n  # an environment of the past\n")
    kept = kept.replace("    models:\n", "    # models below\n    models:  # by alias\n", 1)
    assert Path("mlops.lock").read_text() == kept


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--upgrade", "card-frud"], "did you mean `card-fraud@champion`?"),
        (["--env", "prd"], "did you mean `prod`?"),
        (["--finish", "nothing"], "no system names"),
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
    assert (ran.code, "`mlopsctl run` makes one" in ran.err) == (0, True)
    (folder / ".mlops").mkdir()
    inputs = {"visits_7d": "int64", "spend_30d": "float64", "spend_per_visit": "float64", "plan": "string"}
    address = f"sqlite:///{folder / '.mlops' / 'mlflow.db'}"
    version, _ = model_registry.register(address, "churn", inputs=inputs, outputs={"churned": "float64"}, gates={})
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
