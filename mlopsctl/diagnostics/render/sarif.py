"""Diagnostics as SARIF 2.1.0 for code scanning, with relative paths and without source text."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.render.json import dumps

Json = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"


def render(document: Json, version: str) -> str:
    """Return the log as JSON text."""
    return dumps(log(document, version))


def log(document: Json, version: str) -> Json:
    """Return the log; `version` is the tool's own."""
    findings = document["diagnostics"]
    used = sorted({finding["code"] for finding in findings})
    index = {code: number for number, code in enumerate(used)}
    driver = {
        "name": "mlopsctl",
        "semanticVersion": version,
        "rules": [rule(code) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [result(finding, index[finding["code"]]) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule(code: str) -> Json:
    """Return what the log says about a code, once for all its findings."""
    entry = codes.find(code)
    if entry is None:
        return {"id": code}
    examples = f"Wrong:\n\n```yaml\n{entry.bad}\n```\n\nRight:\n\n```yaml\n{entry.good}\n```\n"
    fix = entry.help.rstrip(".")
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.why},
        "help": {
            "text": f"{entry.why}\n\nHow to fix it: {fix}.",
            "markdown": f"{entry.why}\n\n**How to fix it:** {fix}.\n\n{examples}",
        },
        "defaultConfiguration": {"level": entry.severity.word},
    }


def result(finding: Json, rule_index: int) -> Json:
    """Return one finding."""
    result_: Json = {
        "ruleId": finding["code"],
        "ruleIndex": rule_index,
        "level": finding["severity"],
        "message": {"text": message(finding)},
        "partialFingerprints": {"mlopsctl/v1": fingerprint(finding)},
    }
    if finding["place"]:
        result_["locations"] = [location(finding["place"])]
    if finding["related"]:
        result_["relatedLocations"] = [
            {"id": number, **location(place)} for number, place in enumerate(finding["related"], 1)
        ]
    if finding["environments"]:
        result_["properties"] = {"environments": finding["environments"]}
    return result_


def message(finding: Json) -> str:
    """Return the text of a finding, with its help."""
    parts = [finding["message"]]
    if finding["place"] and finding["place"]["label"]:
        parts[0] += f" ({finding['place']['label']})"
    if finding["help"]:
        parts.append(f"Help: {finding['help']}")
    # `[words](target)` is a link in a SARIF message; a value must not be able to make one.
    return "\n".join(parts).replace("](", "] (")


def location(place: Json) -> Json:
    """Return a place."""
    location_: Json = {
        "physicalLocation": {
            "artifactLocation": artifact(place["file"]),
            "region": {
                "startLine": place["line"],
                "startColumn": place["column"],
                "endLine": place["endLine"],
                "endColumn": place["endColumn"],
            },
        }
    }
    if place["label"]:
        location_["message"] = {"text": place["label"]}
    return location_


def artifact(file: str) -> Json:
    """Return a file as a URI, relative to the root of the sources where it is."""
    uri = quote(file.encode("utf-8", "surrogateescape"), safe="/")
    if file.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": ROOT}


def fingerprint(finding: Json) -> str:
    """Return what stays the same when lines move: code, file, path and message."""
    file = finding["place"]["file"] if finding["place"] else ""
    parts = [finding["code"], file, finding["path"], finding["message"]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
