"""Read-only access to the API server: get, list, and server-side dry-run apply. No other request is possible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from mlopsctl.cluster.contexts import Context

Object = dict[str, Any]

_TIMEOUTS_S = (5, 30)
_DRY_RUN = (("dryRun", "All"), ("force", "true"), ("fieldValidation", "Strict"))
_PAGE = 500
_BUSY = (429, 503)


class Kind(Struct, frozen=True):
    """A kind, as named in the API's paths."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str, name: str = "") -> str:
        """Return the path of an object, or of all objects of a namespace."""
        prefix = "api" if "/" not in self.api_version else "apis"
        inside = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced else ""
        tail = f"/{quote(name, safe='')}" if name else ""
        return f"/{prefix}/{self.api_version}{inside}/{self.plural}{tail}"


class Refusal(Exception):  # noqa: N818 - it is an answer of the server
    """A rejected request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class OutOfReach(Exception):  # noqa: N818 - it is an answer of the network
    """The API server did not respond, or the response is invalid."""


class Cluster:
    """One cluster. Kinds are looked up once."""

    def __init__(self, kubeconfig: str, context: Context) -> None:
        from kubernetes import client, config
        from urllib3 import Retry

        settings = client.Configuration()
        try:
            config.load_kube_config(kubeconfig, context.name, settings, persist_config=False)
        except (config.ConfigException, OSError, ValueError) as error:
            raise OutOfReach(f"context `{context.name}` cannot be used: {error}") from error
        # Both requests can be retried: neither a read nor a dry run changes anything.
        settings.retries = Retry(
            total=4, connect=1, other=0, backoff_factor=0.5, status_forcelist=_BUSY, allowed_methods=None
        )
        self.context = context
        self._client = client.ApiClient(settings)
        self._kinds: dict[str, dict[str, Kind]] = {}

    def kind(self, api_version: str, kind: str) -> Kind | None:
        """Find a kind; None if the cluster does not serve it in this version."""
        if api_version not in self._kinds:
            self._kinds[api_version] = {kind_.kind: kind_ for kind_ in self._discovered(api_version)}
        return self._kinds[api_version].get(kind)

    def version(self, group: str) -> str | None:
        """Return the preferred version of a group; None if the cluster has no such group."""
        if not group:
            return "v1"
        try:
            answer = self._ask("GET", f"/apis/{group}")
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise
        return str(answer["preferredVersion"]["groupVersion"])

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """Read an object; None if it does not exist."""
        try:
            return self._ask("GET", kind.path(namespace, name))
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise

    def list(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[Object]:
        """Read the objects of a namespace that have all these labels."""
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        objects: list[Object] = []
        page: list[tuple[str, str]] = []
        while True:
            query = [("labelSelector", selector), ("limit", str(_PAGE)), *page]
            answer = self._ask("GET", kind.path(namespace), query)
            objects += answer.get("items") or []
            following = (answer.get("metadata") or {}).get("continue")
            if not following:
                return objects
            page = [("continue", following)]

    def dry_run(self, kind: Kind, body: Object, manager: str) -> Object:
        """Return the result of a server-side dry-run apply, with unknown fields rejected. Nothing is written."""
        meta = body["metadata"]
        path = kind.path(str(meta.get("namespace", "")), str(meta["name"]))
        return self._ask("PATCH", path, [*_DRY_RUN, ("fieldManager", manager)], body)

    def _discovered(self, api_version: str) -> Iterable[Kind]:
        prefix = "api" if "/" not in api_version else "apis"
        try:
            answer = self._ask("GET", f"/{prefix}/{api_version}")
        except Refusal as refusal:
            if refusal.status == 404:
                return ()
            raise
        return [
            Kind(api_version, resource["kind"], resource["name"], bool(resource["namespaced"]))
            for resource in answer.get("resources") or []
            if "/" not in resource["name"]
        ]

    def _ask(self, method: str, path: str, query: Iterable[tuple[str, str]] = (), body: Object | None = None) -> Object:
        from kubernetes.client import ApiException
        from urllib3.exceptions import HTTPError

        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/apply-patch+yaml"
        try:
            answer = self._client.call_api(
                path,
                method,
                query_params=list(query),
                header_params=headers,
                body=body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=_TIMEOUTS_S,
            )
            value = json.loads(answer.data)
        except ApiException as error:
            raise _refusal(error, self.context.server) from error
        except (HTTPError, OSError) as error:
            raise OutOfReach(f"{self.context.server} does not answer: {_short(error)}") from error
        except ValueError as error:
            raise OutOfReach(f"{self.context.server} does not answer as an API server does") from error
        if not isinstance(value, dict):
            raise OutOfReach(f"{self.context.server} does not answer as an API server does")
        return value


def _refusal(error: Any, server: str) -> Exception:
    """Return the server's message, if there is one."""
    if not error.status:
        return OutOfReach(f"the certificate of {server} is not trusted: {_short(error.reason)}")
    if error.status == 401:
        return OutOfReach(f"{server} does not accept the credentials")
    try:
        message = str(json.loads(error.body)["message"])
    except (ValueError, KeyError, TypeError):
        message = str(error.reason)
    return Refusal(int(error.status), message)


def _short(error: object) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason).rpartition(": ")[2].splitlines()[0] if str(reason) else type(error).__name__
