"""Features of card-fraud, owned by team-risk.

Scores card payments for fraud before they are authorised.
"""

from datetime import timedelta

import pandas as pd
from feast import BigQuerySource, FeatureService, FeatureView, Field, RequestSource
from feast.on_demand_feature_view import on_demand_feature_view
from feast.types import Float64, Int64

from entities import card_entity
from merchants_features import merchant_risk_view
from on_demand import as_declared

card_stats_source = BigQuerySource(
    name="card_stats",
    table="acme_prod.card_stats",
    timestamp_field="ts",
    created_timestamp_column="ingested_at",
    tags={"system": "card-fraud", "tier": "1"},
    owner="team-risk",
)

card_activity_view = FeatureView(
    name="card_activity",
    entities=[card_entity],
    ttl=timedelta(hours=2),
    schema=[Field(name="txn_count_1h", dtype=Int64), Field(name="amount_avg_7d", dtype=Float64)],
    source=card_stats_source,
    online=True,
    tags={"system": "card-fraud", "tier": "1"},
    owner="team-risk",
)

amount_vs_usual_request = RequestSource(
    name="amount_vs_usual_request",
    schema=[Field(name="amount", dtype=Float64)],
    tags={"system": "card-fraud", "tier": "1"},
    owner="team-risk",
)


@as_declared
@on_demand_feature_view(
    name="amount_vs_usual",
    sources=[amount_vs_usual_request, card_activity_view[["amount_avg_7d"]]],
    schema=[Field(name="amount_ratio", dtype=Float64)],
    mode="pandas",
    tags={"system": "card-fraud", "tier": "1"},
    owner="team-risk",
)
def amount_vs_usual_view(inputs: pd.DataFrame) -> pd.DataFrame:
    import card_fraud.features as code

    return code.amount_vs_usual(inputs[["amount", "amount_avg_7d"]])[["amount_ratio"]]


fraud_inputs_service = FeatureService(
    name="fraud_inputs",
    features=[
        card_activity_view[["txn_count_1h"]],
        amount_vs_usual_view[["amount_ratio"]],
        merchant_risk_view[["score"]],
    ],
    tags={"system": "card-fraud", "tier": "1"},
    owner="team-risk",
)
