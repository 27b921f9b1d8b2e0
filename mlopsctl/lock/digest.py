"""The digest of a locked version, computed when the registry is read, so that edits by hand are detected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FACTS = ("version", "uri", "run", "signature", "package", "snapshot")
"""The fields of a version that a registry returns; the order of a signature's columns counts."""


def digest(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's fields, as written in the lock."""
    facts = {name: entry[name] for name in FACTS if entry.get(name) is not None}
    signature = facts.get("signature") or {}
    columns = [
        [kind, name, str(column_type)]
        for kind in ("inputs", "outputs")
        for name, column_type in _columns(signature, kind)
    ]
    text = json.dumps({**facts, "version": str(entry.get("version")), "signature": columns}, sort_keys=True)
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def sealed(entry: Mapping[str, Any], former: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an entry with its digest; if the same version had another digest before, with that one too."""
    earlier = [version for version in (former, (former or {}).get("candidate")) if version]
    facts = {name: entry[name] for name in FACTS if name in entry}
    same = next((version for version in earlier if str(version.get("version")) == str(entry["version"])), None)
    mark, before = digest(facts), digest(same) if same else ""
    replaces = same.get("replaces") if same and before == mark else before
    entry_with_digest = {**facts, "digest": mark, **({"replaces": replaces} if replaces else {})}
    candidate = entry.get("candidate")
    return {**entry_with_digest, "candidate": sealed(candidate, former)} if candidate else entry_with_digest


def _columns(signature: Mapping[str, Any], kind: str) -> list[tuple[str, Any]]:
    return list((signature.get(kind) or {}).items())
