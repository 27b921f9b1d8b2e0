"""A report of Bitbucket's Code Insights beside a pull request, with an annotation a finding.

In: a review, the commit, and whether all is well. Out: the report and its annotations. Never more of them than
Bitbucket takes, and never a token: the pipeline's proxy signs what goes through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.diagnostics.text import summary as words
from mlopsctl.diagnostics.visible import cut
from mlopsctl.forge.http import Host, Refusal
from mlopsctl.forge.review import Review

API = "http://api.bitbucket.org/2.0"
"""Plain HTTP on purpose: the proxy could not sign what it cannot read, and itself goes on with TLS."""
PROXY = "http://localhost:29418"

_DETAILS, _SUMMARY = 2000, 450
_AT_ONCE, _MOST = 100, 1000
_WEIGHTS = {"error": ("BUG", "HIGH"), "warning": ("CODE_SMELL", "MEDIUM"), "note": ("CODE_SMELL", "LOW")}
_NOT_FOUND = 404


def tell(host: Host, repository: str, commit: str, workspace: str, review: Review, *, passed: bool) -> int:
    """Put the report of a workspace in the place of the last one; return how many annotations it has."""
    name = f"mlopsctl-{workspace}"
    place = f"/repositories/{repository}/commit/{commit}/reports/{name}"
    try:
        host.call("DELETE", place)  # with the annotations of an earlier run
    except Refusal as refusal:
        if refusal.status != _NOT_FOUND:
            raise
    host.call("PUT", place, report(workspace, review, passed=passed))
    found = list(_annotations(name, review))[:_MOST]
    for first in range(0, len(found), _AT_ONCE):
        host.call("POST", f"{place}/annotations", found[first : first + _AT_ONCE])
    return len(found)


def report(workspace: str, review: Review, *, passed: bool) -> dict[str, Any]:
    """Return the report: the plan as text, the findings as numbers, the owners to ask."""
    summary = review.findings["summary"]
    details = review.brief or f"{words(summary)}; nothing could be planned"
    asked = [{"title": "Ask for a review", "type": "TEXT", "value": ", ".join(review.owners)}] if review.owners else []
    return {
        "title": f"mlopsctl: {workspace}",
        "details": cut(details, _DETAILS),
        "report_type": "TEST",
        "reporter": "mlopsctl",
        "result": "PASSED" if passed else "FAILED",
        "data": [
            {"title": "Errors", "type": "NUMBER", "value": summary["errors"]},
            {"title": "Warnings", "type": "NUMBER", "value": summary["warnings"]},
            *asked,
        ],
    }


def _annotations(name: str, review: Review) -> Iterator[dict[str, Any]]:
    """Yield an annotation for each finding that has a place."""
    for number, one in enumerate(review.findings["diagnostics"]):
        if one["place"]:
            kind, severity = _WEIGHTS[one["severity"]]
            yield {
                "external_id": f"{name}-{number}",
                "annotation_type": kind,
                "severity": severity,
                "path": one["place"]["file"],
                "line": one["place"]["line"],
                "summary": cut(f"{one['code']}: {one['message']}", _SUMMARY),
                "details": cut(f"help: {one['help']}" if one["help"] else one["title"], _DETAILS),
            }
