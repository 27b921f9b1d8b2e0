"""A Code Insights report of a pull request on Bitbucket, with an annotation per diagnostic.

The number of annotations is limited to Bitbucket's maximum. The pipeline's proxy authenticates the calls: no token is
needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.render.text import summary as words
from mlopsctl.diagnostics.render.visible import cut
from mlopsctl.forge.http import Host, Refusal
from mlopsctl.forge.review import Review

API = "http://api.bitbucket.org/2.0"
"""Plain HTTP on purpose: the proxy must read a request to sign it, and forwards it with TLS."""
PROXY = "http://localhost:29418"

_DETAILS, _SUMMARY = 2000, 450
_AT_ONCE, _MOST = 100, 1000
_WEIGHTS = {"error": ("BUG", "HIGH"), "warning": ("CODE_SMELL", "MEDIUM"), "note": ("CODE_SMELL", "LOW")}
_NOT_FOUND = 404


def publish(host: Host, repository: str, commit: str, workspace: str, review: Review, *, passed: bool) -> int:
    """Replace the report of a workspace; return its number of annotations."""
    name = f"mlopsctl-{workspace}"
    place = f"/repositories/{repository}/commit/{commit}/reports/{name}"
    try:
        host.call("DELETE", place)  # with the annotations of an earlier run
    except Refusal as refusal:
        if refusal.status != _NOT_FOUND:
            raise
    host.call("PUT", place, report(workspace, review, passed=passed))
    entries = list(_annotations(name, review))[:_MOST]
    for first in range(0, len(entries), _AT_ONCE):
        host.call("POST", f"{place}/annotations", entries[first : first + _AT_ONCE])
    return len(entries)


def report(workspace: str, review: Review, *, passed: bool) -> dict[str, Any]:
    """Return the report: the plan as text, the number of diagnostics, the owners to ask for a review."""
    summary = review.findings["summary"]
    details = review.brief or f"{words(summary)}; no plan"
    owners_row = [{"title": "Reviewers", "type": "TEXT", "value": ", ".join(review.owners)}] if review.owners else []
    return {
        "title": f"mlopsctl: {workspace}",
        "details": cut(details, _DETAILS),
        "report_type": "TEST",
        "reporter": "mlopsctl",
        "result": "PASSED" if passed else "FAILED",
        "data": [
            {"title": "Errors", "type": "NUMBER", "value": summary["errors"]},
            {"title": "Warnings", "type": "NUMBER", "value": summary["warnings"]},
            *owners_row,
        ],
    }


def _annotations(name: str, review: Review) -> Iterator[dict[str, Any]]:
    """Yield an annotation for each diagnostic with a place."""
    for number, diagnostic in enumerate(review.findings["diagnostics"]):
        if diagnostic["place"]:
            kind, severity = _WEIGHTS[diagnostic["severity"]]
            yield {
                "external_id": f"{name}-{number}",
                "annotation_type": kind,
                "severity": severity,
                "path": diagnostic["place"]["file"],
                "line": diagnostic["place"]["line"],
                "summary": cut(f"{diagnostic['code']}: {diagnostic['message']}", _SUMMARY),
                "details": cut(f"help: {diagnostic['help']}" if diagnostic["help"] else diagnostic["title"], _DETAILS),
            }
