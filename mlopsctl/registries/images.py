"""Resolve an image's tag to the digest of its manifest in the registry.

No layer is pulled, and credentials are sent over TLS only, unless plain HTTP is allowed.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from mlopsctl.registries.failures import Unresolved, sentence

Credentials = Callable[[str], tuple[str, str] | None]

MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1"
LARGEST = 4 << 20  # the size that the distribution specification requires registries to accept
_LARGEST_TOKEN = 1 << 20
_TIMEOUTS_S = (10, 30)  # seconds to connect, and between two pieces of an answer
_LONGEST = 60  # seconds for a whole answer
_MOST_REDIRECTS = 5
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_HUB, _HUB_REGISTRY, _HUB_CREDENTIALS = "docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"
_PARAMETER = re.compile(r'([a-zA-Z_]+)="((?:[^"\\]|\\.)*)"')


class Address(NamedTuple):
    """The address of an image: the registry's host, the repository, the tag; `key` is the name of its credentials."""

    host: str
    repository: str
    tag: str
    key: str


class Answer(NamedTuple):
    """A complete response."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def address(name: str, tag: str | None) -> Address:
    """Return the address of an image, parsed as docker and containerd do."""
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        first, rest = _HUB, name
    if first == _HUB:
        return Address(_HUB_REGISTRY, rest if "/" in rest else f"library/{rest}", tag or "latest", _HUB_CREDENTIALS)
    return Address(first, rest, tag or "latest", first)


class Images:
    """A client of image registries; one session, so that all tags of a registry share a connection."""

    def __init__(self, credentials: Credentials, plain_http: frozenset[str] = frozenset()) -> None:
        import requests

        self._session = requests.Session()
        # Credentials of a .netrc are not used: only those of the docker configuration are for image registries.
        self._session.auth = _no_auth
        self._credentials = credentials
        self._plain = plain_http
        self._tokens: dict[tuple[str, str], str] = {}

    def digest(self, name: str, tag: str | None) -> str:
        """Return the digest of a tag; raise Unresolved with one sentence if that fails."""
        import requests

        where = address(name, tag)
        try:
            answer = self._manifest(where)
        except requests.RequestException as error:
            raise Unresolved(f"{where.host} {sentence(error)}") from error
        return _checked(answer, where)

    def _manifest(self, where: Address) -> Answer:
        scheme = "http" if self._is_plain(where.host) else "https"
        url = f"{scheme}://{where.host}/v2/{where.repository}/manifests/{where.tag}"
        key = (where.host, where.repository)
        headers = {"Accept": ", ".join(MANIFESTS)}
        if key in self._tokens:
            headers["Authorization"] = self._tokens[key]
        answer = self._get(url, headers, LARGEST)
        if answer.status == 401:
            self._tokens[key] = self._authorization(where, answer.headers.get("WWW-Authenticate", ""))
            answer = self._get(url, {**headers, "Authorization": self._tokens[key]}, LARGEST)
        return answer

    def _authorization(self, where: Address, challenge: str) -> str:
        """Answer a challenge with the credentials, or with a token, which may not need credentials."""
        scheme, _, rest = challenge.strip().partition(" ")
        credentials = self._credentials(where.key)
        if scheme.lower() == "basic":
            if credentials is None:
                raise Unresolved(f"{where.host} requires a login: run `docker login {where.host}`")
            return _basic(credentials)
        if scheme.lower() != "bearer":
            raise Unresolved(f"{where.host} requires an unsupported authentication scheme (`{scheme[:40]}`)")
        parameters = dict(_PARAMETER.findall(rest))
        realm = urljoin(f"https://{where.host}/", parameters.get("realm", ""))
        self._hold_to_tls(realm)
        query = {"service": parameters.get("service", ""), "scope": f"repository:{where.repository}:pull"}
        headers = {"Authorization": _basic(credentials)} if credentials else {}
        return f"Bearer {_token(self._get(realm, headers, _LARGEST_TOKEN, query), where)}"

    def _get(self, url: str, headers: Mapping[str, str], most: int, query: Mapping[str, str] | None = None) -> Answer:
        """Get a resource. Redirects to other hosts are followed without credentials, and never from TLS to HTTP."""
        for _ in range(_MOST_REDIRECTS):
            self._hold_to_tls(url)
            with self._session.get(
                url, headers=dict(headers), params=query, timeout=_TIMEOUTS_S, stream=True, allow_redirects=False
            ) as response:
                if not response.is_redirect:
                    return Answer(url, response.status_code, response.headers, _body(response, most))
                target = urljoin(url, response.headers["Location"])
            if urlsplit(target).netloc != urlsplit(url).netloc:
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
            url, query = target, None
        raise Unresolved(f"{urlsplit(url).netloc} redirects too often")

    def _hold_to_tls(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and self._is_plain(parts.netloc)):
            raise Unresolved(f"`{parts.scheme}://{parts.netloc}` is not an address with TLS and is not contacted")

    def _is_plain(self, host: str) -> bool:
        return host in self._plain or (urlsplit(f"//{host}").hostname or "") in _LOOPBACK


def _no_auth(request: Any) -> Any:
    return request


def _basic(credentials: tuple[str, str]) -> str:
    import base64

    return "Basic " + base64.b64encode(":".join(credentials).encode()).decode()


def _body(response: Any, most: int) -> bytes:
    """Read a response up to a limit."""
    parts, size, deadline = [], 0, time.monotonic() + _LONGEST
    for part in response.iter_content(1 << 16):
        parts.append(part)
        size += len(part)
        if size > most:
            raise Unresolved(f"{urlsplit(response.url).netloc} responded with more than {most >> 20} MiB")
        if time.monotonic() > deadline:
            raise Unresolved(f"{urlsplit(response.url).netloc} takes longer than {_LONGEST} s to respond")
    return b"".join(parts)


def _token(answer: Answer, where: Address) -> str:
    host = urlsplit(answer.url).netloc
    if answer.status in (401, 403):
        raise Unresolved(f"{host} rejected the credentials for {where.key}: run `docker login` again")
    content = _json(answer.body)
    token = content.get("token") or content.get("access_token")
    if answer.status != 200 or not isinstance(token, str) or not token.isprintable():
        raise Unresolved(f"{host} returned no token ({answer.status})")
    return token


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _checked(answer: Answer, where: Address) -> str:
    """Return the digest of a manifest after validating it."""
    image = f"{where.repository}:{where.tag}"
    if answer.status in (401, 403):
        raise Unresolved(f"{where.host} denies read access to {image}: run `docker login {where.host}`")
    if answer.status == 404:
        raise Unresolved(f"{where.host} has no {image}: push it, or correct the tag")
    if answer.status == 429:
        raise Unresolved(f"{where.host} limits the rate of requests: log in, or wait")
    if answer.status != 200:
        raise Unresolved(f"{where.host} responded {answer.status} for {image}")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    manifest = _json(answer.body)
    if kind.startswith(_SCHEMA_1) or manifest.get("schemaVersion") == 1:
        raise Unresolved(f"{where.host} has {image} only in schema 1, which cannot be pulled by digest: push it again")
    if kind not in MANIFESTS or manifest.get("schemaVersion") != 2:
        raise Unresolved(f"{where.host} responded with `{kind[:60]}` for {image}, which is not an image manifest")
    digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    claimed = answer.headers.get("Docker-Content-Digest", digest)
    if claimed.startswith("sha256:") and claimed != digest:
        raise Unresolved(f"{where.host} declares {image} as {claimed[:19]}…, but sent {digest[:19]}…: do not trust it")
    return digest
