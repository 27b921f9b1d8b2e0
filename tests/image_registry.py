"""A real image registry on loopback, and images of a few bytes pushed to it with plain HTTP calls.

In: the program `docker-registry`, a folder. Out: a running registry, open or behind a password or behind tokens.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

USER, PASSWORD = "robot", "correct-horse"
# bcrypt of PASSWORD, the one kind of hash that the registry takes.
_HTPASSWD = f"{USER}:$2b$05$abcdefghijklmnopqrstuuZ0Fx87Pb/Aqb0E90lfvCwzXnaFKUHpS\n"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Registry:
    """A running registry. `host` is what stands before the first `/` of an image's name."""

    host: str
    headers: Mapping[str, str]

    def push(self, repository: str, tag: str, content: str = "", kind: str = MANIFEST) -> str:
        """Push an image that holds a text, and return its digest."""
        config = self._blob(repository, json.dumps({"architecture": "amd64", "os": "linux", "text": content}).encode())
        layer = self._blob(repository, content.encode())
        media = "application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar"
        if kind == DOCKER_MANIFEST:
            media = (
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            )
        manifest = {
            "schemaVersion": 2,
            "mediaType": kind,
            "config": {"mediaType": media[0], **config},
            "layers": [{"mediaType": media[1], **layer}],
        }
        return self._manifest(repository, tag, manifest)

    def push_index(self, repository: str, tag: str, *digests: str) -> str:
        """Push an index of images that were pushed before, and return its digest."""
        listed = []
        for digest, machine in zip(digests, ("amd64", "arm64"), strict=False):
            size = len(self._call("GET", f"/v2/{repository}/manifests/{digest}", headers={"Accept": MANIFEST})[1])
            platform = {"architecture": machine, "os": "linux"}
            listed.append({"mediaType": MANIFEST, "digest": digest, "size": size, "platform": platform})
        return self._manifest(repository, tag, {"schemaVersion": 2, "mediaType": INDEX, "manifests": listed})

    def _manifest(self, repository: str, tag: str, manifest: Mapping[str, Any]) -> str:
        body = json.dumps(manifest).encode()
        headers = {"Content-Type": manifest["mediaType"]}
        status, _, _ = self._call("PUT", f"/v2/{repository}/manifests/{tag}", body, headers)
        assert status == 201
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def _blob(self, repository: str, data: bytes) -> dict[str, Any]:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        status, _, location = self._call("POST", f"/v2/{repository}/blobs/uploads/")
        assert status == 202
        path = location.partition(self.host)[2] if self.host in location else location
        joint = "&" if "?" in path else "?"
        status, _, _ = self._call("PUT", f"{path}{joint}digest={digest}", data)
        assert status == 201
        return {"digest": digest, "size": len(data)}

    def _call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        connection = HTTPConnection(self.host, timeout=30)
        connection.request(method, path, body, {**self.headers, **(headers or {})})
        response = connection.getresponse()
        reply = response.status, response.read(), response.getheader("Location", "")
        connection.close()
        return reply


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    program: Path, folder: Path, *, auth: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[Registry]:
    """Start a registry that keeps its images in a folder, and end it."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "images")}},
        "http": {"addr": f"127.0.0.1:{port}", "secret": "of-a-test"},
        **({"auth": auth} if auth else {}),
    }
    (folder / "config.yml").write_text(json.dumps(config))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", folder / "config.yml"], stdout=log, stderr=log)
    try:
        _wait(process, port, folder / "log")
        yield Registry(f"127.0.0.1:{port}", headers or {})
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def with_password(program: Path, folder: Path) -> Iterator[Registry]:
    """Start a registry that asks for a user and a password."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "htpasswd").write_text(_HTPASSWD)
    auth = {"htpasswd": {"realm": "a test", "path": str(folder / "htpasswd")}}
    with running(program, folder, auth=auth, headers={"Authorization": f"Basic {basic()}"}) as registry:
        yield registry


def basic(user: str = USER, password: str = PASSWORD) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
