"""What a repository's history says for a plan: versions that were locked before, and the tool that rendered the tree.

In: a project and the commit it is compared with. Out: earlier versions, and the files that this version of the tool
writes differently. Never checks anything out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlopsctl import __version__
from mlopsctl.change.contract import Earlier, History
from mlopsctl.change.model import State, ToolChange
from mlopsctl.cli import at_ref
from mlopsctl.cli import project as projects
from mlopsctl.cli.sides import Side
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, plain

_COMMITS = 10
"""How far back earlier versions are looked for."""


def versions(project: projects.Project, limit: int) -> History:
    """Return the last `limit` versions of each model that the lock named before it names what it names now."""
    documents = project.documents
    today = dict(_locked(documents.lock.node)) if documents.lock else {}
    found: dict[tuple[str, str], dict[str, Earlier]] = {key: {} for key in today}
    file = documents.lock_file
    now = at_ref.name_of_content((project.root / file).read_bytes()) if documents.lock else ""
    for commit in at_ref.commits_of(project.root, file, _COMMITS) if limit and today else ():
        with at_ref.Commit(project.root, commit) as files:
            blob = files.blob(project.root / file)
            node, _ = files.read(project.root / file, file) if blob and blob.oid != now else (None, ())
        for key, one in _locked(node):
            if key in found and one.version != today[key].version:
                found[key].setdefault(one.version, one)
        if all(len(known) >= limit for known in found.values()):
            break
    return {key: list(known.values())[:limit] for key, known in found.items()}


def _locked(node: Node | None) -> list[tuple[tuple[str, str], Earlier]]:
    """Read the models of a lock, as far as it can be understood: an old one may be of an older language."""
    found = []
    lock: Any = plain(node) if isinstance(node, MappingNode) else {}
    for environment, one in _mapping(lock.get("environments")).items():
        for name, model in _mapping(_mapping(one).get("models")).items():
            version = _mapping(model).get("version")
            inputs = _mapping(_mapping(_mapping(model).get("signature")).get("inputs"))
            if isinstance(version, str):
                found.append(((environment, name), Earlier(version, {k: str(v) for k, v in inputs.items()})))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def tool(project: projects.Project, old: Side, before: State) -> ToolChange | None:
    """Return what this version of the tool writes differently from what the commit has; None where it is the same."""
    changed: list[str] = []
    version = ""
    with at_ref.Commit(project.root, old.commit) as files:
        for shared in old.shared:
            folder = project.root / Path(shared.place.path).parent
            index = _index(files.content(folder / ".mlopsctl.json"))
            if index.get("version") in (None, __version__) or shared.environment not in before.files:
                continue
            version = str(index["version"])
            changed += _differing(shared.environment, before.files[shared.environment], _mapping(index.get("units")))
    return ToolChange(version, __version__, tuple(sorted(changed))) if changed else None


def _index(data: bytes | None) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(data or b"{}"))
    except ValueError:
        return {}


def _differing(environment: str, units: Mapping[str, Mapping[str, str]], indexed: Mapping[str, Any]) -> list[str]:
    """Return the files whose hash is not the one that the index has."""
    found = []
    for unit, files in units.items():
        known = _mapping(indexed.get(unit))
        found += [
            f"{environment}/{unit}/{path}"
            for path, text in files.items()
            if known.get(path) != sha256(text.encode()).hexdigest()
        ]
    return found
