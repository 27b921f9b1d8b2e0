"""A real API server and its store on loopback, for tests of what is said about a cluster.

In: the programs and a folder. Out: a running server with a kubeconfig, and the few requests a test needs. The kinds
beyond Kubernetes' own come from the strict schemas beside the checkout.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ADMIN, READER = "token-of-the-admin", "token-of-the-reader"
PATIENCE = 180


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@dataclass(frozen=True)
class Kube:
    """A running API server."""

    server: str
    authority: Path
    folder: Path
    session: requests.Session = field(default_factory=requests.Session)
    kinds: dict[str, Any] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **given: Any) -> Any:
        """Send a request as the admin; an answer that is no success fails the test."""
        headers = {"Authorization": f"Bearer {ADMIN}", "Content-Type": given.pop("content", "application/json")}
        data = None if body is None else json.dumps(body)
        answer = self.session.request(
            method, self.server + path, data=data, headers=headers, verify=str(self.authority), timeout=30, **given
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def kubeconfig(self, name: str, *contexts: tuple[str, str, str]) -> Path:
        """Write a kubeconfig of contexts: a name, a server, a token."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": name, "cluster": {"server": server, **self._trusted}} for name, server, _ in contexts
            ],
            "users": [{"name": name, "user": {"token": token}} for name, _, token in contexts],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name, _, _ in contexts],
        }
        path = self.folder / name
        path.write_text(yaml.safe_dump(config))
        return path

    @property
    def _trusted(self) -> dict[str, str]:
        """Return whom to trust, by whatever name the server is called."""
        return {"certificate-authority": str(self.authority), "tls-server-name": "kubernetes"}

    def path(self, value: Any) -> str:
        """Return the path of an object; its kind's plural is looked up."""
        version, meta = value["apiVersion"], value["metadata"]
        prefix = "api" if "/" not in version else "apis"
        if version not in self.kinds:
            self.kinds[version] = self.ask("GET", f"/{prefix}/{version}")["resources"]
        plural = next(kind for kind in self.kinds[version] if kind["kind"] == value["kind"] and "/" not in kind["name"])
        inside = f"/namespaces/{meta['namespace']}" if plural["namespaced"] else ""
        return f"/{prefix}/{version}{inside}/{plural['name']}/{meta['name']}"

    def apply(self, value: Any, manager: str = "argocd-controller", validation: str = "Warn") -> Any:
        """Apply an object for real, as a sync does; with the validation `Strict` an unknown field fails the test."""
        query = {"fieldManager": manager, "force": "true", "fieldValidation": validation}
        return self.ask("PATCH", self.path(value), value, content="application/apply-patch+yaml", params=query)

    def edit(self, value: Any, patch: Any, manager: str = "kubectl-edit", subresource: str = "") -> Any:
        """Change an object as a person or a controller does."""
        path = self.path(value) + (f"/{subresource}" if subresource else "")
        query = {"fieldManager": manager}
        return self.ask("PATCH", path, patch, content="application/merge-patch+json", params=query)

    def delete(self, value: Any) -> None:
        """Delete an object."""
        self.ask("DELETE", self.path(value))

    def define(self, folder: Path, *kinds: str) -> None:
        """Make kinds of the strict schemas known, by `group_Kind`, and wait until the server knows them."""
        names = set()
        for kind in kinds:
            definition = json.loads((folder / f"{kind}.json").read_text())
            definition["spec"].pop("conversion", None)
            _complete(definition)
            self.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
            names.add(definition["metadata"]["name"])
        wait_for(lambda: self._established() >= names)
        for item in self.ask("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")["items"]:
            stored = next(version["name"] for version in item["spec"]["versions"] if version["storage"])
            self._is_served(f"/apis/{item['spec']['group']}/{stored}/{item['spec']['names']['plural']}")

    def _is_served(self, path: str) -> None:
        headers = {"Authorization": f"Bearer {ADMIN}"}
        verify = str(self.authority)
        wait_for(lambda: self.session.get(self.server + path, headers=headers, verify=verify, timeout=30).ok)

    def _established(self) -> set[str]:
        definitions = self.ask("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")["items"]
        return {
            definition["metadata"]["name"]
            for definition in definitions
            for condition in definition["status"].get("conditions") or ()
            if condition["type"] == "Established" and condition["status"] == "True"
        }


def _complete(schema: Any) -> None:
    """Give the items of a list a type: a server refuses the released schema of SeldonDeployment, which lacks one."""
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _complete(value)
    items = schema.get("items") if isinstance(schema, dict) and schema.get("type") == "array" else None
    if isinstance(items, dict) and not {"type", "x-kubernetes-int-or-string"} & set(items):
        items.update({"type": "object", "x-kubernetes-preserve-unknown-fields": True})


def wait_for(done: Any) -> None:
    ended = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < ended, "the API server took too long"
        time.sleep(0.1)


@contextmanager
def running(kube_apiserver: Path, etcd: Path, folder: Path) -> Iterator[Kube]:
    """Start the store and the server; end both."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "sa.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))
    (folder / "tokens.csv").write_text(f'{ADMIN},admin,admin,"system:masters"\n{READER},reader,reader\n')
    store, peers, port = (free_port() for _ in range(3))
    server = _server(kube_apiserver, folder, store, port)
    with (
        _process(folder / "etcd.log", _store(etcd, folder, store, peers)),
        _process(folder / "apiserver.log", server),
    ):
        kube = Kube(f"https://127.0.0.1:{port}", folder / "certs" / "apiserver.crt", folder)
        wait_for(lambda: _is_ready(kube))
        yield kube


@contextmanager
def _process(log: Path, command: list[str]) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _store(etcd: Path, folder: Path, port: int, peers: int) -> list[str]:
    address = f"http://127.0.0.1:{port}"
    listening = ["--listen-client-urls", address, "--advertise-client-urls", address]
    peer = f"http://127.0.0.1:{peers}"
    clustered = [
        "--listen-peer-urls",
        peer,
        "--initial-advertise-peer-urls",
        peer,
        "--initial-cluster",
        f"default={peer}",
    ]
    return [str(etcd), "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", *listening, *clustered]


def _server(program: Path, folder: Path, store: int, port: int) -> list[str]:
    key = str(folder / "sa.key")
    return [
        str(program),
        *("--etcd-servers", f"http://127.0.0.1:{store}"),
        *("--bind-address", "127.0.0.1", "--secure-port", str(port), "--cert-dir", str(folder / "certs")),
        *("--service-account-key-file", key, "--service-account-signing-key-file", key),
        *("--service-account-issuer", "https://kubernetes.default.svc"),
        *("--service-cluster-ip-range", "10.0.0.0/24"),
        *("--token-auth-file", str(folder / "tokens.csv"), "--authorization-mode", "RBAC"),
        *("--disable-admission-plugins", "ServiceAccount"),
    ]


def _is_ready(kube: Kube) -> bool:
    try:
        answer = requests.get(
            f"{kube.server}/readyz", headers={"Authorization": f"Bearer {ADMIN}"}, verify=str(kube.authority), timeout=5
        )
    except (OSError, requests.RequestException):
        return False
    return bool(answer.ok)
