"""A small server that answers as KFP's API does, for what starts runs.

It keeps objects in memory, pages its lists, refuses fields it does not know, and refuses to compare pipelines by name,
as a server does that keeps them in Kubernetes. It can be told to fail.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Object = dict[str, Any]
PREFIX = "/apis/v2beta1"
RUN_FIELDS = {
    "display_name",
    "description",
    "experiment_id",
    "pipeline_version_reference",
    "pipeline_spec",
    "runtime_config",
    "service_account",
}
FILTER_KEYS = {"display_name", "state", "storage_state", "created_at", "experiment_id"}


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    token: str | None
    body: Object | None


@dataclass
class Api:
    """What the server keeps, what it was asked, and how it is to behave."""

    page_size: int = 2
    accepts: str | None = None
    pipelines: list[Object] = field(default_factory=list)
    versions: list[Object] = field(default_factory=list)
    experiments: list[Object] = field(default_factory=list)
    runs: list[Object] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    troubles: list[Callable[[Request], tuple[int, Object | bytes] | None]] = field(default_factory=list)
    address: str = ""

    def pipeline(self, name: str, namespace: str = "ml-prod", *versions: str) -> str:
        """Keep a pipeline and its versions."""
        key = f"pipeline-{len(self.pipelines)}"
        shown = {"name": name, "display_name": name, "namespace": namespace}
        self.pipelines.append({"pipeline_id": key, **shown})
        for version in versions:
            number = f"version-{len(self.versions)}"
            names = {"name": version, "display_name": version}
            self.versions.append({"pipeline_id": key, "pipeline_version_id": number, **names})
        return key

    def run(
        self,
        pipeline: str,
        name: str,
        state: str,
        namespace: str = "ml-prod",
        created_at: str = "2026-01-01T00:00:00Z",
    ) -> str:
        """Keep a run of a pipeline, newer than those before."""
        key = f"run-{len(self.runs)}"
        source = {"pipeline_id": pipeline, "pipeline_version_id": "version-0"}
        self.runs.append(
            {
                "run_id": key,
                "display_name": name,
                "state": state,
                "namespace": namespace,
                "created_at": created_at,
                "pipeline_version_reference": source,
            }
        )
        return key

    def created(self) -> list[Object]:
        """List the bodies of the runs that were asked for."""
        return [
            request.body
            for request in self.requests
            if request.method == "POST" and request.path == "/runs" and request.body
        ]

    def answer(self, request: Request) -> tuple[int, Object | bytes]:
        """Answer a request, or fail as told."""
        self.requests.append(request)
        for trouble in self.troubles:
            if (failed := trouble(request)) is not None:
                return failed
        if self.accepts is not None and request.token != f"Bearer {self.accepts}":
            return refusal(401, "Unauthenticated: Request header error: there is no user identity header.")
        return self._post(request) if request.method == "POST" else self._get(request)

    def _get(self, request: Request) -> tuple[int, Object | bytes]:
        namespace = request.query.get("namespace")
        if request.path == "/pipelines":
            return self._page(request, "pipelines", _within(self.pipelines, namespace), comparing=False)
        if request.path.startswith("/pipelines/") and request.path.endswith("/versions"):
            owner = request.path.split("/")[2]
            versions = [version for version in self.versions if version["pipeline_id"] == owner]
            return self._page(request, "pipeline_versions", versions, comparing=False)
        if request.path == "/experiments":
            return self._page(request, "experiments", _within(self.experiments, namespace))
        if request.path == "/runs":
            versions = [{k: v for k, v in run.items() if k != "namespace"} for run in _within(self.runs, namespace)]
            return self._page(request, "runs", versions[::-1])
        return refusal(404, f"Not Found: {request.path}")

    def _page(
        self, request: Request, key: str, objects: list[Object], *, comparing: bool = True
    ) -> tuple[int, Object | bytes]:
        if expression := request.query.get("filter"):
            if not comparing:
                return refusal(400, "filter type eq is not supported, use is substring")
            (predicate,) = json.loads(expression)["predicates"]
            if predicate["key"] not in FILTER_KEYS:
                return refusal(400, f"Invalid input error: no such field: {predicate['key']}")
            objects = [obj for obj in objects if _holds(predicate, obj)]
        start = int(request.query.get("page_token") or 0)
        end = start + min(self.page_size, int(request.query.get("page_size", 20)))
        page: Object = {key: objects[start:end]} if objects[start:end] else {}
        if end < len(objects):
            page["next_page_token"] = str(end)
        return 200, {**page, "total_size": len(objects)}

    def _post(self, request: Request) -> tuple[int, Object | bytes]:
        body = request.body or {}
        if request.path == "/experiments":
            if any(
                experiment["display_name"] == body["display_name"]
                for experiment in _within(self.experiments, body["namespace"])
            ):
                return refusal(409, f"Already exist error: experiment {body['display_name']} already exists")
            created = {"experiment_id": f"experiment-{len(self.experiments)}", **body}
            self.experiments.append(created)
            return 200, created
        if request.path == "/runs":
            if strange := body.keys() - RUN_FIELDS:
                return refusal(400, f"unknown field {sorted(strange)[0]}")
            owner = next(
                experiment for experiment in self.experiments if experiment["experiment_id"] == body["experiment_id"]
            )
            created = {"run_id": f"run-{len(self.runs)}", "state": "PENDING", **body}
            self.runs.append({**created, "namespace": owner["namespace"]})
            return 200, created
        return refusal(404, f"Not Found: {request.path}")


def refusal(status: int, message: str) -> tuple[int, Object]:
    """Return an error as the API writes it."""
    return status, {"error": message, "code": 3, "message": message, "details": []}


def _within(objects: list[Object], namespace: str | None) -> list[Object]:
    return [obj for obj in objects if namespace in (None, obj["namespace"])]


def _holds(predicate: Object, resource: Object) -> bool:
    value = resource.get(predicate["key"])
    if predicate["operation"] == "EQUALS":
        return bool(value == predicate["string_value"])
    assert predicate["operation"] == "IN"
    return value in predicate["string_values"]["values"]


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Serve on loopback for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length)
            request = Request(
                self.command,
                address.path.removeprefix(PREFIX),
                dict(parse_qsl(address.query, strict_parsing=True)) if address.query else {},
                self.headers.get("Authorization"),
                json.loads(sent) if sent else None,
            )
            assert address.path.startswith(PREFIX)
            status, body = api.answer(request)
            if status == 0:
                self.close_connection = True
                return
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/login?state=secret")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._handle()

        def do_POST(self) -> None:
            self._handle()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    api.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
