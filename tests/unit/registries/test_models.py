"""Versions of aliases, from a registry that answers oddly; a sound one is asked in the tests of `mlopsctl lock`."""

from __future__ import annotations

import json
from typing import Any

import image_registry
import pytest
from http_server import Answer, Request, answering

from mlopsctl.engines.mlflow.backend.versions import MlflowVersions
from mlopsctl.registries.failures import Unregistered, Unresolved

pytestmark = pytest.mark.oracle

URI = "s3://models/card-fraud/7"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")


def version(**tags: str) -> Any:
    """Answer as MLflow does for a version with these tags."""
    named = [{"key": f"mlopsctl.{name}", "value": value} for name, value in tags.items()]
    registered = {"name": "card-fraud", "version": "7", "run_id": "r7", "source": URI, "status": "READY", "tags": named}

    def answer(request: Request) -> Answer:
        body = {"artifact_uri": URI} if "download-uri" in request.path else {"model_version": registered}
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

    return answer


def why(answer: Any, kind: type[Unresolved] = Unresolved) -> str:
    with answering(answer) as server, pytest.raises(kind) as error:
        MlflowVersions({}).by_alias(f"http://{server.host}", "card-fraud", "champion")
    return str(error.value).replace(server.host, "HOST")


def test_a_version_is_what_its_tags_say() -> None:
    signature = {"inputs": {"b": "int64", "a": "string"}, "outputs": {"c": "float64"}}
    tags = {"signature": json.dumps(signature), "gates": '{"roc_auc": 0.9}', "snapshot": f"{URI}/snapshot"}
    with answering(version(**tags)) as server:
        locked_version = MlflowVersions({}).by_alias(f"http://{server.host}", "card-fraud", "champion")
    assert locked_version.locked == {
        "version": "7",
        "uri": URI,
        "run": "r7",
        "signature": signature,
        "snapshot": f"{URI}/snapshot",
    }
    assert list(locked_version.locked["signature"]["inputs"]) == ["b", "a"]
    assert locked_version.gates == {"roc_auc": 0.9}


def test_a_version_without_tags_has_no_signature_and_no_gates() -> None:
    with answering(version()) as server:
        locked_version = MlflowVersions({}).by_version(f"http://{server.host}", "card-fraud", "7")
    assert locked_version.locked == {"version": "7", "uri": URI, "run": "r7"}
    assert locked_version.gates is None


@pytest.mark.parametrize("text", ["{", "[]", "7", '"text"', "[" * 100_000])
@pytest.mark.parametrize("tag", ["signature", "gates"])
def test_a_tag_that_cannot_be_read_is_told(tag: str, text: str) -> None:
    said = why(version(**{tag: text}))
    assert said == f"the tag `mlopsctl.{tag}` of version 7 of card-fraud is unreadable: register the version again"


@pytest.mark.parametrize("part", ["7", "[1]", '"text"'])
def test_a_signature_of_another_shape_is_told(part: str) -> None:
    assert "is unreadable" in why(version(signature=f'{{"inputs": {part}}}'))


@pytest.mark.parametrize("place", ["mlflow-artifacts:/1/r7/artifacts/model", "/srv/mlruns/1/r7/artifacts/model", ""])
def test_an_artifact_that_no_engine_could_read_is_told(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "URI", place)
    assert "which a serving engine cannot read" in why(version())


def failure(code: str, status: int) -> Any:
    body = json.dumps({"error_code": code, "message": "no reason"}).encode()
    return lambda _: Answer(status, {"Content-Type": "application/json"}, body)


def test_an_alias_that_stands_for_nothing_is_told_apart_from_a_registry_that_fails() -> None:
    assert why(failure("RESOURCE_DOES_NOT_EXIST", 404), Unregistered) == "http://HOST has no card-fraud@champion"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (failure("INTERNAL_ERROR", 400), "cannot be read: INTERNAL_ERROR: no reason"),
        (lambda _: Answer(200, {}, b"<html>log in</html>"), "cannot be read"),
        (lambda _: Answer(200, {}, b"\xff\xfe"), "responded without a version"),
        (lambda _: Answer(200, {}, b"{}"), "responded without a version"),
        (lambda _: Answer(401, {}, b"no"), "requires a login"),
        (lambda _: Answer(403, {}, b"no"), "denies read access"),
        (lambda _: Answer(404, {}, b"<html>nothing here</html>"), "cannot be read"),
    ],
)
def test_a_registry_that_answers_oddly_is_told(answer: Any, said: str) -> None:
    assert said in why(answer)


def test_a_registry_that_is_down_is_told_without_the_password_in_its_address() -> None:
    host = f"127.0.0.1:{image_registry.free_port()}"
    with pytest.raises(Unresolved) as error:
        MlflowVersions({}).by_alias(f"http://robot:hunter2@{host}", "card-fraud", "champion")
    assert str(error.value) == f"http://{host} refuses the connection: is it running?"


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1", "http://", "http://[::1", "databricks"])
def test_an_address_of_no_registry_is_told(address: str) -> None:
    with pytest.raises(Unresolved) as error:
        MlflowVersions({}).by_alias(address, "card-fraud", "champion")
    assert not isinstance(error.value, Unregistered)
