"""Every field of the language has a reader: a field that nothing reads is a silent loss.

The oracle is Python: the types of the language record which of their fields are read while the examples are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from blueprints import EXAMPLES
from projects import SPEC, checked, documents, spec

from mlopsctl.compiler import check, render
from mlopsctl.project.discovery import load
from mlopsctl.spec.words import Section, camel

PACKAGE = Path(__file__).resolve().parents[3] / "mlopsctl"
READ_FROM_THE_NODES = {
    "api_version": "spec",
    "kind": "spec",
    "systems": "project",
    "output": "resolve",
    "renamed_from": "plan",
    "accepts": "plan",
    "replaces": "lock",
}
"""Fields that are read from a document's tree of nodes, before it has types, and by which package."""
FOR_PEOPLE = {("WorkspaceMetadata", "description"), ("Lock", "metadata"), ("LockMetadata", "name")}
LANGUAGE, STACK = "mlopsctl.spec.", "mlopsctl.spec.stack"
"""Settings of the stack are handed to the engine as a whole; a test of the plan's classification has each of them."""

PARQUET = "type: parquet\n        path: data/card_stats.parquet"
SOURCES = [
    "type: csv\n        path: data/card_stats.csv",
    *[f"type: {kind}\n        table: a.card_stats" for kind in ("postgres", "redshift", "spark", "trino")],
]
"""Kinds of source that no example has."""

PODS = """\
  pods:
    train:
      placement:
        nodeSelector: {pool: gpu}
        tolerations: [{key: pool, value: gpu, effect: NoExecute, seconds: 60}]
        affinity:
          require: {arch: [amd64]}
          avoid: {pool: [spot]}
          prefer: {disk: [ssd]}
          near: [{labels: {app: redis}, topology: zone}]
          apart: [{labels: {app: batch}, topology: zone, required: true}]
        topologySpread: [{topology: zone, maxSkew: 2, required: true}]
      volumes:
        datasets: {claim: datasets, path: /datasets, readOnly: true}
        settings: {configMap: settings, path: /etc/train}
        keys: {secret: keys, path: /etc/keys}
        scratch: {emptyDir: 1Gi, path: /scratch}
        shm: {sharedMemory: 1Gi}
"""
PATCHES = """\
  patches:
    copied:
      target: {engine: argo-workflows, kind: WorkflowTemplate, name: card-fraud-train}
      environments: [prod]
      json: [{op: copy, from: /metadata/name, path: /metadata/annotations/a}, {op: add, path: /spec/priority, value: 5}]
    merged:
      target: {engine: argo-workflows, kind: WorkflowTemplate}
      matches: some
      merge: {spec: {priority: 5}}
"""
EXTRA = "  extra: {budget: {file: extra/budget.yaml, environments: [prod]}}\n"
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: budget}\n"
"""What no example has: pods, patches and extra manifests."""

Field = tuple[str, str]


def declared() -> Iterator[tuple[type[Section], str]]:
    """Yield each field of the language with the type that declares it."""
    waiting = Section.__subclasses__()
    for kind in waiting:
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(LANGUAGE) and not kind.__module__.startswith(STACK):
            yield from ((kind, name) for name in kind.model_fields if name in kind.__annotations__)


@pytest.fixture(scope="module")
def reads() -> Iterator[set[Field]]:
    """Give the fields that are read while the examples are compiled, by the type that declares them."""
    seen: set[tuple[type, str]] = set()
    original = Section.__getattribute__

    def recorded(section: Section, name: str) -> object:
        seen.add((type(section), name))
        return original(section, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Section, "__getattribute__", recorded)
        for example in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
            for shared in check(load(str(example)).documents)[0]:
                render(shared)
        for source in SOURCES:
            checked(spec((PARQUET, source)))
        beside = documents(SPEC + PODS + PATCHES + EXTRA, extra={"systems/0/extra/budget.yaml": MANIFEST})
        for shared in check(beside)[0]:
            render(shared)
    yield {(kind.__name__, name) for seen_kind, name in seen for kind in seen_kind.__mro__}


FIELDS = sorted({(kind.__name__, name) for kind, name in declared()} - FOR_PEOPLE)


@pytest.mark.parametrize("field", [field for field in FIELDS if field[1] not in READ_FROM_THE_NODES], ids=".".join)
def test_a_field_of_the_language_is_read(field: Field, reads: set[Field]) -> None:
    assert field in reads, (
        f"nothing reads `{field[1]}` of {field[0]} in mlopsctl/spec: decide what it determines in "
        "mlopsctl/blueprint/decide/, or use it in an example if a rule alone reads it"
    )


@pytest.mark.parametrize(("name", "package"), READ_FROM_THE_NODES.items())
def test_a_field_that_has_no_type_when_it_is_read_is_named_by_its_reader(name: str, package: str) -> None:
    modules = (PACKAGE / package).rglob("*.py")
    assert any(f'"{camel(name)}"' in module.read_text(encoding="utf-8") for module in modules)
