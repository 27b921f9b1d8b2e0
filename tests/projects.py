"""A small project in memory, for tests of what is found in one.

In: texts of specs. Out: what reading, resolving and checking them gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.compiler import check
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.resolve.landscape import resolve
from mlopsctl.resolve.model import System
from mlopsctl.source.reader import read

DIGEST = "sha256:5f1d7c0e2a94b8d36e0c7f4a1b2d9e8c3f6a5b4d7e8091a2b3c4d5e6f708192a"
SPEC = f"""\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {{name: card-fraud, owner: team-risk, tier: 1}}
spec:
  data:
    sources:
      card_stats:
        type: parquet
        path: data/card_stats.parquet
        eventTime: ts
        cadence: 15m
        columns:
          card_id: {{type: string}}
          txn_count_1h: {{type: int64}}
      payments:
        type: parquet
        path: data/payments.parquet
        eventTime: ts
        columns:
          card_id: {{type: string}}
          amount: {{type: float64}}
          is_fraud: {{type: bool}}
    labels:
      is_fraud: {{source: payments, column: is_fraud, delay: 30d}}
  features:
    entities:
      card: {{key: card_id, type: string}}
    views:
      card_activity:
        entity: card
        source: card_stats
        ttl: 2h
        materialize: {{every: 30m}}
        fields: [txn_count_1h]
    sets:
      inputs:
        fields: [card_activity.txn_count_1h]
        request: {{amount: float64}}
  model:
    task: binary-classification
    flavor: sklearn
    features: inputs
    label: is_fraud
    code: {{image: "ghcr.io/acme/card-fraud@{DIGEST}", entrypoint: "card_fraud.train:train"}}
    split: {{by: time, holdout: 14d}}
    retrain: {{schedule: {{cron: "0 3 * * 1", timezone: Etc/UTC}}, onChange: true}}
    registry: {{name: card-fraud, experiment: card-fraud}}
  checks:
    data: {{suite: data_integrity}}
    gates:
      average_precision: {{min: 0.8}}
    live:
      every: 1h
      window: 1d
      drift: {{numerical: {{method: ks, max: 0.2}}}}
      quality: {{metric: average_precision, min: 0.7}}
  serving:
    endpoints:
      scorer:
        model: champion
        features: inputs
        replicas: {{min: 2, max: 8}}
        autoscale: {{metric: rps, target: 50}}
        rollout: {{strategy: canary, steps: [10, 50, 100], pause: 30m, abortOn: [availability]}}
  alerts:
    slos:
      availability: {{endpoint: scorer, objective: 99.9%, window: 30d}}
      latency: {{endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}}
    freshness: {{severity: page}}
    drift: {{severity: ticket}}
    quality: {{severity: ticket}}
    training: {{failed: ticket, overdue: ticket}}
    rules:
      ScorerDown:
        expr: up{{job="scorer"}} < 1
        severity: page
        summary: The scorer is away
    routes: {{page: pagerduty/risk, ticket: slack/risk}}
"""
WORKSPACE = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {name: acme}
spec:
  systems: [systems/*/mlops.yaml]
  git: {repository: https://git.example.com/acme/ml}
  environments:
    dev: {namespace: ml-dev}
    prod: {namespace: ml-prod, promoteFrom: dev}
"""
LOCK = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {name: acme}
environments:
  dev:
    models:
      card-fraud@champion: {version: "3", uri: s3://models/card-fraud/3}
  prod:
    models:
      card-fraud@champion: {version: "3", uri: s3://models/card-fraud/3}
"""


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return the text with each change made once; a change that finds nothing to change is a mistake of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def spec(*changes: tuple[str, str]) -> str:
    """Return the whole example with changes."""
    return edited(SPEC, *changes)


@dataclass(frozen=True)
class Checked:
    """What a check of a project gave."""

    shared: tuple[Shared, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        """The codes of all findings, in the order of the report."""
        return [finding.code for finding in self.diagnostics]

    def only(self) -> Diagnostic:
        """Return the one finding there must be."""
        assert len(self.diagnostics) == 1, [(finding.code, finding.message) for finding in self.diagnostics]
        return self.diagnostics[0]


def documents(
    *systems: str,
    workspace: str | None = WORKSPACE,
    lock: str | None = LOCK,
    extra: Mapping[str, str] = MappingProxyType({}),
) -> Documents:
    """Read the texts of a project; `extra` are manifests by file."""
    read_diagnostics: list[Diagnostic] = []
    unread: list[str] = []

    def read_one(file: str, text: str | None) -> Document | None:
        if text is None:
            return None
        node, diagnostics = read(text.encode(), file)
        read_diagnostics.extend(diagnostics)
        if node is None:
            unread.append(file)
            return None
        return Document(file, node)

    specs = [read_one(f"systems/{i}/mlops.yaml", text) for i, text in enumerate(systems)]
    shared, locked = read_one("workspace.yaml", workspace), read_one("mlops.lock", lock)
    known = tuple(spec for spec in specs if spec)
    manifests = {file: manifest for file, text in extra.items() if (manifest := read_one(file, text))}
    return Documents(known, shared, locked, "mlops.lock", tuple(unread), tuple(read_diagnostics), extra=manifests)


def checked(*systems: str, workspace: str | None = WORKSPACE, lock: str | None = LOCK, only: str = "") -> Checked:
    """Check a project; `only` limits the environments to one."""
    return Checked(*check(documents(*systems, workspace=workspace, lock=lock), (only,) if only else ()))


def resolved(text: str = SPEC, environment: str = "prod", **shared: str | None) -> System:
    """Return a system as it stands in one environment."""
    landscapes, diagnostics = resolve(documents(text, **shared))
    assert diagnostics == ()
    return next(
        system
        for landscape in landscapes
        if landscape.environment.name == environment
        for system in landscape.systems.values()
    )


def underlined(text: str, finding: Diagnostic) -> str:
    """Return the words of a text that a finding underlines."""
    assert finding.place
    span = finding.place.span
    line = text.split("\n")[span.line - 1]
    return line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else len(line)]
