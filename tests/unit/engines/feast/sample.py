"""Systems to render: specs as text, and what the compiler decides about them."""

from __future__ import annotations

from textwrap import dedent

from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.feast import target
from mlopsctl.resolve.landscape import Document, Documents, resolve
from mlopsctl.resolve.model import Landscape
from mlopsctl.source.reader import read
from mlopsctl.tree.fileset import FileSet

CARDS = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: card-fraud, owner: team-risk, tier: 1, description: Scores card payments.}
spec:
  data:
    sources:
      card_stats:
        type: parquet
        path: data/card_stats.parquet
        eventTime: ts
        createdTime: ingested_at
        cadence: 15m
        push: true
        description: One row a card and quarter of an hour.
        tags: {domain: cards}
        columns:
          card_id: {type: string, nullable: false}
          txn_count_1h: {type: int64, min: 0, description: Payments in the last hour.}
          amount_avg_7d: {type: float64, min: 0}
          countries_7d: {type: array<string>}
  features:
    entities:
      card: {key: card_id, type: string, description: A payment card.}
    views:
      card_activity:
        entity: card
        source: card_stats
        ttl: 2h
        materialize: {every: 30m}
        fields: [txn_count_1h, amount_avg_7d, countries_7d]
        description: How a card is used.
        tags: {pii: "no"}
    transforms:
      amount_vs_usual:
        inputs: [request.amount, card_activity.amount_avg_7d]
        function: card_fraud.features:amount_vs_usual
        fields: {amount_ratio: float64, amount_over: float64}
        description: How unusual the amount is.
    sets:
      fraud_inputs:
        fields:
          - card_activity.txn_count_1h
          - amount_vs_usual.amount_ratio
          - merchants:merchant_risk.score
          - card_activity.countries_7d
        request: {amount: float64}
"""
MERCHANTS = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: merchants, owner: team-merchants, tier: 2}
spec:
  data:
    sources:
      merchant_stats:
        type: parquet
        path: s3://acme/merchants/
        eventTime: ts
        cadence: 1h
        columns:
          merchant_id: {type: int64, nullable: false}
          score: {type: float32}
      card_limits:
        type: csv
        path: data/limits.csv
        eventTime: ts
        cadence: 1d
        columns:
          card_id: {type: string}
          credit_limit: {type: float64}
  features:
    entities:
      merchant: {key: merchant_id, type: int64}
      card: {key: card_id, type: string}
    views:
      merchant_risk: {entity: merchant, source: merchant_stats, ttl: 90m, fields: [score], online: false}
      card_limit: {entity: card, source: card_limits, ttl: 3d, materialize: {every: 1d}, fields: [credit_limit]}
"""
FEATURES = "{engine: feast}"


def workspace(features: str = FEATURES) -> str:
    """Return a workspace of one environment, with the feature engine given."""
    return dedent(f"""\
        apiVersion: mlopsctl.dev/v1alpha1
        kind: Workspace
        metadata: {{name: acme}}
        spec:
          systems: [systems/*/mlops.yaml]
          stack:
            features: {features}
          environments:
            prod: {{namespace: ml-prod}}
        """)


def landscape(*systems: str, features: str = FEATURES) -> Landscape:
    """Resolve systems that have no mistake."""
    files = {f"systems/{i}/mlops.yaml": text for i, text in enumerate(systems or (CARDS, MERCHANTS))}
    documents = Documents(
        tuple(_document(name, text) for name, text in files.items()),
        _document("workspace.yaml", workspace(features)),
    )
    (resolved,), diagnostics = resolve(documents)
    assert not diagnostics
    return resolved


def shared(*systems: str, features: str = FEATURES) -> Shared:
    """Decide about systems that have no mistake."""
    resolved = landscape(*systems, features=features)
    blueprints = tuple(build.blueprint(system)[0] for system in resolved.systems.values())
    return build.shared(resolved, blueprints)[0]


def _document(name: str, text: str) -> Document:
    node, diagnostics = read(text.encode(), name)
    assert node is not None
    assert not diagnostics
    return Document(name, node)


def rendered(what: Shared | None = None) -> dict[str, str]:
    """Render, and return each file's text by its path."""
    return texts(target.render_shared(what or shared()))


def texts(files: FileSet) -> dict[str, str]:
    """Return each file's text by its path."""
    return {str(file.path): file.content for file in files}
