"""Digests of tags: from a real registry, open, behind a password and behind tokens; and from one that lies."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import image_registry
import pytest
from http_server import Answer, Request, answering
from image_registry import DOCKER_MANIFEST, INDEX, MANIFEST, PASSWORD, USER, Registry, basic
from token_server import Tokens

from mlopsctl.registries.credentials import docker_credentials
from mlopsctl.registries.failures import Unresolved
from mlopsctl.registries.images import Images, address

BODY = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST}).encode()
DIGEST = f"sha256:{hashlib.sha256(BODY).hexdigest()}"


def nobody(_: str) -> None:
    return None


def robot(_: str) -> tuple[str, str]:
    return USER, PASSWORD


def why(images: Images, name: str, tag: str | None = "1") -> str:
    with pytest.raises(Unresolved) as error:
        images.digest(name, tag)
    return str(error.value)


@pytest.fixture(scope="module")
def registry(docker_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with image_registry.running(docker_registry, tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.mark.parametrize(
    ("name", "tag", "expected"),
    [
        ("python", None, ("registry-1.docker.io", "library/python", "latest")),
        ("acme/churn", "0.3", ("registry-1.docker.io", "acme/churn", "0.3")),
        ("docker.io/acme/churn", "0.3", ("registry-1.docker.io", "acme/churn", "0.3")),
        ("ghcr.io/acme/ml/churn", "0.3", ("ghcr.io", "acme/ml/churn", "0.3")),
        ("localhost/churn", "0.3", ("localhost", "churn", "0.3")),
        ("registry:5000/churn", "0.3", ("registry:5000", "churn", "0.3")),
    ],
)
def test_a_name_is_read_as_docker_reads_it(name: str, tag: str | None, expected: tuple[str, str, str]) -> None:
    assert address(name, tag)[:3] == expected


@pytest.mark.parametrize("kind", [MANIFEST, DOCKER_MANIFEST])
def test_a_tag_is_the_digest_of_its_manifest(registry: Registry, kind: str) -> None:
    pushed = registry.push("acme/churn", "0.3", "one", kind)
    assert Images(nobody).digest(f"{registry.host}/acme/churn", "0.3") == pushed


def test_a_tag_of_several_platforms_is_the_digest_of_the_index(registry: Registry) -> None:
    parts = [registry.push("acme/many", f"part-{i}", str(i)) for i in range(2)]
    index = registry.push_index("acme/many", "1", *parts)
    assert Images(nobody).digest(f"{registry.host}/acme/many", "1") == index


def test_a_tag_that_moved_is_another_digest(registry: Registry) -> None:
    first = registry.push("acme/moves", "1", "first")
    second = registry.push("acme/moves", "1", "second")
    assert first != second
    assert Images(nobody).digest(f"{registry.host}/acme/moves", "1") == second


def test_a_tag_that_was_never_pushed_is_said_to_be_missing(registry: Registry) -> None:
    registry.push("acme/churn", "0.3")
    assert why(Images(nobody), f"{registry.host}/acme/churn", "9.9").endswith(
        "has no acme/churn:9.9: push it, or correct the tag"
    )
    assert "has no acme/nothing:1" in why(Images(nobody), f"{registry.host}/acme/nothing")


def test_a_registry_that_is_down_is_said_to_be_down() -> None:
    host = f"127.0.0.1:{image_registry.free_port()}"
    assert why(Images(nobody), f"{host}/acme/churn") == f"{host} refuses the connection: is it running?"


def test_a_password_is_asked_for_and_given(docker_registry: Path, tmp_path: Path) -> None:
    with image_registry.with_password(docker_registry, tmp_path) as registry:
        pushed = registry.push("acme/churn", "1")
        name = f"{registry.host}/acme/churn"
        assert Images(robot).digest(name, "1") == pushed
        assert why(Images(nobody), name) == f"{registry.host} requires a login: run `docker login {registry.host}`"
        wrong = why(Images(lambda _: (USER, "wrong")), name)
        assert "denies read access to acme/churn:1" in wrong
        assert "wrong" not in wrong.replace("wrong user", "")


def test_a_token_is_fetched_for_the_one_repository(docker_registry: Path, tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens")
    with (
        answering(tokens.answer) as realm,
        image_registry.running(docker_registry, tmp_path, auth=tokens.settings(realm.host)) as registry,
    ):
        push = {"Authorization": f"Bearer {tokens.signed('repository:acme/churn:pull,push')}"}
        pushed = Registry(registry.host, push).push("acme/churn", "1")
        name = f"{registry.host}/acme/churn"
        images = Images(robot)
        assert images.digest(name, "1") == pushed
        assert images.digest(name, "1") == pushed
        assert [request.path for request in realm.seen] == [
            "/token?service=registry.of.a.test&scope=repository%3Aacme%2Fchurn%3Apull"
        ]
        assert "rejected the credentials" in why(Images(nobody), name)


def lying(answer: Callable[[Request], Answer]) -> str:
    with answering(answer) as server:
        return why(Images(robot), f"{server.host}/acme/churn").replace(server.host, "HOST")


def manifest(headers: Mapping[str, str] | None = None, body: bytes = BODY, kind: str = MANIFEST) -> Answer:
    return Answer(200, {"Content-Type": kind, **(headers or {})}, body)


def test_without_a_digest_in_the_header_the_manifest_itself_tells() -> None:
    with answering(lambda _: manifest()) as server:
        assert Images(nobody).digest(f"{server.host}/acme/churn", "1") == DIGEST


def test_a_digest_that_is_not_the_manifests_is_not_believed() -> None:
    said = lying(lambda _: manifest({"Docker-Content-Digest": f"sha256:{'0' * 64}"}))
    assert "declares acme/churn:1 as sha256:000000000000…, but sent sha256:" in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (manifest(kind="application/vnd.docker.distribution.manifest.v1+prettyjws"), "only in schema 1"),
        (manifest(body=b'{"schemaVersion": 1}'), "only in schema 1"),
        (
            manifest(kind="text/html", body=b"<html>log in</html>"),
            "`text/html` for acme/churn:1, which is not an image manifest",
        ),
        (manifest(body=b"[" * 100_000), "which is not an image manifest"),
        (manifest(body=b"\xff\xfe"), "which is not an image manifest"),
        (manifest(body=b"null"), "which is not an image manifest"),
        (Answer(200, {"Content-Type": MANIFEST}, b"x" * (1 << 20), 5000), "more than 4 MiB"),
        (Answer(403), "denies read access"),
        (Answer(429), "limits the rate of requests"),
        (Answer(500), "responded 500"),
        (
            Answer(200, {"Content-Type": MANIFEST, "Content-Length": "99", "Connection": "close"}, b"{"),
            "closed the connection",
        ),
        (Answer(200, {"Content-Type": MANIFEST, "Content-Encoding": "gzip"}, b"no gzip"), "cannot be reached"),
        (Answer(401), "an unsupported authentication scheme"),
        (Answer(401, {"WWW-Authenticate": "Negotiate"}), "an unsupported authentication scheme (`Negotiate`)"),
        (Answer(401, {"WWW-Authenticate": 'Bearer realm="http://192.0.2.1/token"'}), "is not an address with TLS"),
        (Answer(401, {"WWW-Authenticate": 'Bearer realm="file:///etc/passwd"'}), "is not an address with TLS"),
        (Answer(302, {"Location": "http://192.0.2.1/v2/"}), "is not an address with TLS"),
        (Answer(302, {"Location": "file:///etc/passwd"}), "is not an address with TLS"),
        (Answer(302, {"Location": "/v2/again"}), "redirects too often"),
    ],
)
def test_a_registry_that_answers_oddly_is_not_believed(answer: Answer, said: str) -> None:
    assert said in lying(lambda _: answer)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"token": 7}', b'{"token": "a\\nb"}', b"x" * (2 << 20)])
def test_a_token_that_is_none_is_not_sent(body: bytes) -> None:
    def answer(request: Request) -> Answer:
        if request.path.startswith("/token"):
            return Answer(200, {}, body)
        return Answer(401, {"WWW-Authenticate": f'Bearer realm="http://{request.headers["Host"]}/token"'})

    assert lying(answer) in ("HOST returned no token (200)", "HOST responded with more than 1 MiB")


def test_a_redirect_to_another_host_does_not_take_the_credentials_along() -> None:
    with answering(lambda _: manifest()) as other:

        def answer(request: Request) -> Answer:
            if "Authorization" not in request.headers:
                return Answer(401, {"WWW-Authenticate": 'Basic realm="x"'})
            return Answer(307, {"Location": f"http://{other.host}/elsewhere"})

        with answering(answer) as server:
            assert Images(robot).digest(f"{server.host}/acme/churn", "1") == DIGEST
        assert [request.headers.get("Authorization") for request in other.seen] == [None]
        assert [request.headers["Authorization"] for request in server.seen[1:]] == [f"Basic {basic()}"]


def test_plain_http_is_for_loopback_or_for_hosts_that_were_named() -> None:
    from mlopsctl.registries.images import Images as Request

    assert Request(nobody)._is_plain("127.0.0.1:5000")
    assert Request(nobody)._is_plain("localhost:5000")
    assert Request(nobody)._is_plain("[::1]:5000")
    assert not Request(nobody)._is_plain("registry.internal:5000")
    assert not Request(nobody)._is_plain("127.0.0.1.example.com")
    assert Request(nobody, frozenset(("registry.internal:5000",)))._is_plain("registry.internal:5000")


def configured(tmp_path: Path, settings: object) -> Path:
    file = tmp_path / "config.json"
    file.write_text(settings if isinstance(settings, str) else json.dumps(settings))
    return file


@pytest.mark.parametrize("name", ["ghcr.io", "https://ghcr.io", "https://ghcr.io/v1/", "https://ghcr.io/v2/"])
def test_credentials_come_from_the_docker_configuration(tmp_path: Path, name: str) -> None:
    known = docker_credentials(configured(tmp_path, {"auths": {name: {"auth": basic()}}}))
    assert known("ghcr.io") == (USER, PASSWORD)
    assert known("quay.io") is None


@pytest.mark.parametrize("settings", [{}, {"auths": None}, {"auths": {"ghcr.io": {}}}, {"auths": {"ghcr.io": 3}}, []])
def test_a_configuration_without_credentials_has_none(tmp_path: Path, settings: object) -> None:
    assert docker_credentials(configured(tmp_path, settings))("ghcr.io") is None
    assert docker_credentials(tmp_path / "nothing.json")("ghcr.io") is None
    assert docker_credentials(None)("ghcr.io") is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{", "no readable credentials"),
        ({"auths": {"ghcr.io": {"auth": "%%%"}}}, "are unreadable: run `docker login` again"),
        ({"credsStore": "../../bin/sh"}, "invalid credential helper name"),
        ({"credsStore": "nowhere-to-be-found"}, "docker-credential-nowhere-to-be-found cannot be run"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_said_to_be_so(tmp_path: Path, settings: object, said: str) -> None:
    with pytest.raises(Unresolved) as error:
        docker_credentials(configured(tmp_path, settings))("ghcr.io")
    assert said in str(error.value)


def helper(folder: Path, answer: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "docker-credential-keychain"
    file.write_text(
        f"#!{sys.executable}\nimport sys\nprint({answer!r}.replace('ASKED', sys.stdin.read()))\nsys.exit({code})\n"
    )
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_credential_helper_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = configured(tmp_path, {"credHelpers": {"ghcr.io": "keychain"}, "auths": {"quay.io": {"auth": basic()}}})
    helper(tmp_path, '{"Username": "of-ASKED", "Secret": "s"}', 0, monkeypatch)
    assert docker_credentials(file)("ghcr.io") == ("of-ghcr.io", "s")
    assert docker_credentials(file)("quay.io") == (USER, PASSWORD)
    helper(tmp_path, "credentials not found", 1, monkeypatch)
    assert docker_credentials(file)("ghcr.io") is None
    helper(tmp_path, "[]", 0, monkeypatch)
    with pytest.raises(Unresolved, match="returned an unreadable response"):
        docker_credentials(file)("ghcr.io")


def test_the_index_is_among_what_is_asked_for() -> None:
    with answering(lambda _: manifest()) as server:
        Images(nobody).digest(f"{server.host}/acme/churn", None)
    assert INDEX in server.seen[0].headers["Accept"]
    assert server.seen[0].path == "/v2/acme/churn/manifests/latest"
