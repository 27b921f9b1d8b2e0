"""Git history for a plan: earlier locked versions, and files that this version of the tool renders differently.

Reads git objects only; never checks anything out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlopsctl import __version__
from mlopsctl.plan.compatibility import EarlierVersion, History
from mlopsctl.plan.model import State, ToolChange
from mlopsctl.plan.sides import Side
from mlopsctl.project import discovery as projects
from mlopsctl.project import git_tree
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, plain

_COMMITS = 10
"""How many commits back to search for earlier versions."""


def versions(project: projects.Project, limit: int) -> History:
    """Return the last `limit` versions of each model that the lock named before the current one."""
    documents = project.documents
    today = dict(_locked(documents.lock.node)) if documents.lock else {}
    by_model: dict[tuple[str, str], dict[str, EarlierVersion]] = {key: {} for key in today}
    file = documents.lock_file
    now = git_tree.name_of_content((project.root / file).read_bytes()) if documents.lock else ""
    for commit in git_tree.commits_of(project.root, file, _COMMITS) if limit and today else ():
        with git_tree.Commit(project.root, commit) as files:
            blob = files.blob(project.root / file)
            node, _ = files.read(project.root / file, file) if blob and blob.oid != now else (None, ())
        for key, earlier in _locked(node):
            if key in by_model and earlier.version != today[key].version:
                by_model[key].setdefault(earlier.version, earlier)
        if all(len(versions_) >= limit for versions_ in by_model.values()):
            break
    return {key: list(versions_.values())[:limit] for key, versions_ in by_model.items()}


def _locked(node: Node | None) -> list[tuple[tuple[str, str], EarlierVersion]]:
    """Return the models of a lock, as far as they are readable: an old lock may have an older format."""
    entries = []
    lock: Any = plain(node) if isinstance(node, MappingNode) else {}
    for environment, section in _mapping(lock.get("environments")).items():
        for name, model in _mapping(_mapping(section).get("models")).items():
            version = _mapping(model).get("version")
            inputs = _mapping(_mapping(_mapping(model).get("signature")).get("inputs"))
            if isinstance(version, str):
                entries.append(((environment, name), EarlierVersion(version, {k: str(v) for k, v in inputs.items()})))
    return entries


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def tool(project: projects.Project, old: Side, before: State) -> ToolChange | None:
    """Return the files of the commit that this version of the tool renders differently; None without any."""
    changed: list[str] = []
    version = ""
    with git_tree.Commit(project.root, old.commit) as files:
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
    """Return the files whose hash differs from the index."""
    differing = []
    for unit, files in units.items():
        digests = _mapping(indexed.get(unit))
        differing += [
            f"{environment}/{unit}/{path}"
            for path, text in files.items()
            if digests.get(path) != sha256(text.encode()).hexdigest()
        ]
    return differing
