"""Immutable fields of live Kubernetes objects.

Facts of the kinds' own admission rules, as RoleBinding's `roleRef`; those of an engine's kinds are in its facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import yaml

from mlopsctl.diagnostics.codes import change as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines.known import kinds

_HOOK: Final = ("metadata", "annotations", "argocd.argoproj.io/hook")
"""Annotation of hooks, which are deleted before each sync and created again."""
_KUBERNETES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "PersistentVolumeClaim": (("spec",),),
    "Job": (("spec", "template"), ("spec", "selector")),
}
_MANIFESTS: Final = "/manifests/"


def frozen(before: Mapping[str, str], after: Mapping[str, str], system: str) -> Iterator[Diagnostic]:
    """Yield a finding per immutable field that differs; the mappings contain a unit's files by path."""
    old = {path: text for path, text in before.items() if _MANIFESTS in f"/{path}" and after.get(path, text) != text}
    now = {identity: fields for path in old for identity, fields in _objects(after[path])}
    for text in old.values():
        for identity, fields in _objects(text):
            for field, value in fields.items():
                if identity in now and now[identity].get(field) != value:
                    message = f"`{field}` of {identity[0]} `{identity[1]}` is immutable: delete the object first"
                    yield codes.IMMUTABLE.at(None, message, path=f"{system}:metadata.name")


def _objects(text: str) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        kind = document.get("kind", "") if isinstance(document, dict) else ""
        fields = _fixed().get(kind, ())
        if fields and not _at(document, _HOOK):
            name = document.get("metadata", {}).get("name", "")
            yield (kind, name), {".".join(field): _at(document, field) for field in fields}


@cache
def _fixed() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    of_engines = {kind: facts.fixed for (_, kind), facts in kinds().items() if facts.fixed}
    return {**_KUBERNETES, **of_engines}


def _at(value: Any, field: tuple[str, ...]) -> Any:
    for part in field:
        value = value.get(part) if isinstance(value, dict) else None
    return value
