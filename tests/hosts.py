"""Two small servers that answer as code hosts do: GitHub's API for comments and reviews, Bitbucket's for reports.

They keep what they are sent in memory, refuse fields and lengths that the real ones refuse, and can be told to fail.
Bitbucket's is reached through a proxy, as in a pipeline: what it is asked for is a whole address.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = Any
Answer = tuple[int, Json]

LONGEST_COMMENT = 65_536
REPORT = {"title", "details", "report_type", "reporter", "result", "data", "link", "remote_link_enabled", "logo_url"}
ANNOTATION = {"external_id", "annotation_type", "path", "line", "summary", "details", "result", "severity", "link"}


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    token: str | None
    body: Json


@dataclass
class GitHub:
    """The comments of one pull request, and the teams asked for a review."""

    token: str = "t0ken"  # noqa: S105 - of a server that lives for one test
    repository: str = "acme/ml"
    number: int = 7
    teams: tuple[str, ...] = ("team-risk", "team-growth")
    comments: list[Json] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    trouble: Callable[[Request], Answer | None] = lambda _: None
    address: str = ""

    def comment(self, body: str, login: str = "github-actions[bot]", kind: str = "Bot") -> None:
        """Keep a comment."""
        self.comments.append({"id": 100 + len(self.comments), "body": body, "user": {"login": login, "type": kind}})

    def answer(self, request: Request) -> Answer:
        """Answer as GitHub does."""
        base = f"/repos/{self.repository}"
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        if request.token != f"Bearer {self.token}":
            return 401, {"message": "Bad credentials"}
        if (request.method, path) == ("GET", f"{base}/issues/{self.number}/comments"):
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[size * (page - 1) : size * page]
        if (request.method, path) == ("POST", f"{base}/issues/{self.number}/comments"):
            return self._write(request.body, None)
        if request.method == "PATCH" and (match := re.fullmatch(rf"{base}/issues/comments/(\d+)", path)):
            return self._write(request.body, int(match[1]))
        if (request.method, path) == ("POST", f"{base}/pulls/{self.number}/requested_reviewers"):
            (team,) = request.body["team_reviewers"]
            if team not in self.teams:
                return 422, {"message": "Could not resolve to a node with the global id"}
            self.reviewers.append(team)
            return 201, {}
        return 404, {"message": "Not Found"}

    def _write(self, body: Json, key: int | None) -> Answer:
        if set(body) != {"body"} or len(body["body"]) > LONGEST_COMMENT:
            return 422, {"message": "Validation Failed"}
        if key is None:
            self.comment(body["body"])
            return 201, self.comments[-1]
        (stored,) = [comment for comment in self.comments if comment["id"] == key]
        stored["body"] = body["body"]
        return 200, stored


@dataclass
class Bitbucket:
    """The reports of one commit."""

    repository: str = "acme/ml"
    commit: str = "f" * 12
    reports: dict[str, Json] = field(default_factory=dict)
    annotations: dict[str, list[Json]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    trouble: Callable[[Request], Answer | None] = lambda _: None
    address: str = ""

    def answer(self, request: Request) -> Answer:
        """Answer as Bitbucket does, seen through the proxy of a pipeline."""
        prefix = f"http://api.bitbucket.org/2.0/repositories/{self.repository}/commit/{self.commit}/reports/"
        name, _, rest = request.path.removeprefix(prefix).partition("/")
        if not request.path.startswith(prefix) or request.token:
            return 400, {"error": {"message": "Bad request"}}
        if request.method == "PUT" and not rest:
            return self._report(name, request.body)
        if name not in self.reports:
            return 404, {"error": {"message": "Report not found"}}
        if request.method == "DELETE" and not rest:
            del self.reports[name], self.annotations[name]
            return 204, None
        if (request.method, rest) == ("POST", "annotations"):
            return self._annotate(name, request.body)
        return 405, {"error": {"message": "Method not allowed"}}

    def _report(self, name: str, body: Json) -> Answer:
        sound = (
            set(body) <= REPORT
            and body["report_type"] in {"SECURITY", "COVERAGE", "TEST", "BUG"}
            and body["result"] in {"PASSED", "FAILED", "PENDING"}
            and len(body["title"]) <= 450
            and len(body["details"]) <= 2000
            and len(body["data"]) <= 10
            and all(set(item) == {"title", "type", "value"} for item in body["data"])
        )
        if not sound:
            return 400, {"error": {"message": "Invalid report"}}
        self.reports[name] = body
        self.annotations.setdefault(name, [])
        return 200, body

    def _annotate(self, name: str, body: Json) -> Answer:
        kept = self.annotations[name]
        sound = 0 < len(body) <= 100 and len(kept) + len(body) <= 1000 and all(map(_sound, body))
        if not sound or len({annotation["external_id"] for annotation in (*kept, *body)}) < len(kept) + len(body):
            return 400, {"error": {"message": "Invalid annotations"}}
        kept += body
        return 200, body


def _sound(entry: Json) -> bool:
    return (
        set(entry) <= ANNOTATION
        and entry["annotation_type"] in {"VULNERABILITY", "CODE_SMELL", "BUG"}
        and entry["severity"] in {"LOW", "MEDIUM", "HIGH", "CRITICAL"}
        and len(entry["summary"]) <= 450
        and len(entry["details"]) <= 2000
        and entry["line"] > 0
        and not entry["path"].startswith("/")
    )


@contextmanager
def serving(host: GitHub | Bitbucket) -> Iterator[str]:
    """Answer on a free port of this machine until the block ends; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            request = Request(self.command, self.path, self.headers.get("Authorization"), body)
            host.requests.append(request)
            status, answer = host.trouble(request) or host.answer(request)
            data = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{host.address}/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host.address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
