"""Two systems for Hopsworks: a model over labelled rows of a table, and features of another system beside its own."""

from __future__ import annotations

from unit.engines.feast import sample as feast

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.engines.hopsworks import target

FEATURES = "{engine: hopsworks, connectors: {bigquery: risk-warehouse}}"
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
        tags: {domain: cards}
        columns:
          card_id: {type: string, nullable: false}
          txn_count_1h: {type: int64, min: 0, description: Payments in the last hour.}
          amount_avg_7d: {type: float64, min: 0}
          countries_7d: {type: array<string>}
      payments:
        type: parquet
        path: data/payments.parquet
        eventTime: paid_at
        columns:
          card_id: {type: string, nullable: false}
          merchant_id: {type: int64, nullable: false}
          amount: {type: float64, min: 0}
          is_fraud: {type: bool}
    labels:
      is_fraud: {source: payments, column: is_fraud, delay: 1d}
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
    sets:
      fraud_inputs:
        fields:
          - card_activity.txn_count_1h
          - card_activity.amount_avg_7d
          - merchants:merchant_risk.score
        request: {amount: float64}
        description: What the scorer is asked with.
  model:
    task: binary-classification
    flavor: sklearn
    features: fraud_inputs
    label: is_fraud
    code:
      image: ghcr.io/acme/card-fraud@sha256:5f1d7c0e2a94b8d36e0c7f4a1b2d9e8c3f6a5b4d7e8091a2b3c4d5e6f708192a
      entrypoint: card_fraud.train:train
    split: {by: time, holdout: 14d}
    registry: {name: card-fraud, experiment: card-fraud}
"""
MERCHANTS = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: merchants, owner: team-merchants, tier: 2}
spec:
  data:
    sources:
      merchant_stats:
        type: bigquery
        table: risk.merchant_stats
        eventTime: ts
        cadence: 15m
        columns:
          merchant_id: {type: int64, nullable: false}
          score: {type: float32}
  features:
    entities:
      merchant: {key: merchant_id, type: int64}
    views:
      merchant_risk: {entity: merchant, source: merchant_stats, ttl: 2h, fields: [score]}
      merchant_now: {entity: merchant, source: merchant_stats, ttl: 3h, materialize: {every: 1h}, fields: [score]}
"""


def shared(*systems: str, features: str = FEATURES) -> Shared:
    """Decide about systems that have no mistake."""
    return feast.shared(*(systems or (CARDS, MERCHANTS)), features=features)


def rendered(what: Shared | None = None) -> dict[str, str]:
    """Render, and return each file's text by its path."""
    return feast.texts(target.render_shared(what or shared()))
