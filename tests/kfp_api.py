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
class Asked:
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
    asked: list[Asked] = field(default_factory=list)
    troubles: list[Callable[[Asked], tuple[int, Object | bytes] | None]] = field(default_factory=list)
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
            for request in self.asked
            if request.method == "POST" and request.path == "/runs" and request.body
        ]

    def answer(self, asked: Asked) -> tuple[int, Object | bytes]:
        """Answer a request, or fail as told."""
        self.asked.append(asked)
        for trouble in self.troubles:
            if (failed := trouble(asked)) is not None:
                return failed
        if self.accepts is not None and asked.token != f"Bearer {self.accepts}":
            return refusal(401, "Unauthenticated: Request header error: there is no user identity header.")
        return self._post(asked) if asked.method == "POST" else self._get(asked)

    def _get(self, asked: Asked) -> tuple[int, Object | bytes]:
        namespace = asked.query.get("namespace")
        if asked.path == "/pipelines":
            return self._page(asked, "pipelines", _within(self.pipelines, namespace), comparing=False)
        if asked.path.startswith("/pipelines/") and asked.path.endswith("/versions"):
            owner = asked.path.split("/")[2]
            found = [version for version in self.versions if version["pipeline_id"] == owner]
            return self._page(asked, "pipeline_versions", found, comparing=False)
        if asked.path == "/experiments":
            return self._page(asked, "experiments", _within(self.experiments, namespace))
        if asked.path == "/runs":
            found = [{k: v for k, v in one.items() if k != "namespace"} for one in _within(self.runs, namespace)]
            return self._page(asked, "runs", found[::-1])
        return refusal(404, f"Not Found: {asked.path}")

    def _page(
        self, asked: Asked, key: str, objects: list[Object], *, comparing: bool = True
    ) -> tuple[int, Object | bytes]:
        if wanted := asked.query.get("filter"):
            if not comparing:
                return refusal(400, "filter type eq is not supported, use is substring")
            (predicate,) = json.loads(wanted)["predicates"]
            if predicate["key"] not in FILTER_KEYS:
                return refusal(400, f"Invalid input error: no such field: {predicate['key']}")
            objects = [obj for obj in objects if _holds(predicate, obj)]
        start = int(asked.query.get("page_token") or 0)
        end = start + min(self.page_size, int(asked.query.get("page_size", 20)))
        page: Object = {key: objects[start:end]} if objects[start:end] else {}
        if end < len(objects):
            page["next_page_token"] = str(end)
        return 200, {**page, "total_size": len(objects)}

    def _post(self, asked: Asked) -> tuple[int, Object | bytes]:
        body = asked.body or {}
        if asked.path == "/experiments":
            if any(one["display_name"] == body["display_name"] for one in _within(self.experiments, body["namespace"])):
                return refusal(409, f"Already exist error: experiment {body['display_name']} already exists")
            made = {"experiment_id": f"experiment-{len(self.experiments)}", **body}
            self.experiments.append(made)
            return 200, made
        if asked.path == "/runs":
            if strange := body.keys() - RUN_FIELDS:
                return refusal(400, f"unknown field {sorted(strange)[0]}")
            owner = next(
                experiment for experiment in self.experiments if experiment["experiment_id"] == body["experiment_id"]
            )
            made = {"run_id": f"run-{len(self.runs)}", "state": "PENDING", **body}
            self.runs.append({**made, "namespace": owner["namespace"]})
            return 200, made
        return refusal(404, f"Not Found: {asked.path}")


def refusal(status: int, message: str) -> tuple[int, Object]:
    """Return an error as the API writes it."""
    return status, {"error": message, "code": 3, "message": message, "details": []}


def _within(objects: list[Object], namespace: str | None) -> list[Object]:
    return [obj for obj in objects if namespace in (None, obj["namespace"])]


def _holds(predicate: Object, one: Object) -> bool:
    value = one.get(predicate["key"])
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
            asked = Asked(
                self.command,
                address.path.removeprefix(PREFIX),
                dict(parse_qsl(address.query, strict_parsing=True)) if address.query else {},
                self.headers.get("Authorization"),
                json.loads(sent) if sent else None,
            )
            assert address.path.startswith(PREFIX)
            status, body = api.answer(asked)
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
