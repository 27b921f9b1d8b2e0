"""Features of merchants, owned by team-merchants.

Knows how risky a merchant is; other systems read its features.
"""

from datetime import timedelta

from feast import BigQuerySource, FeatureService, FeatureView, Field
from feast.types import Float64, Int64

from entities import merchant_entity

merchant_stats_source = BigQuerySource(
    name="merchant_stats",
    table="acme_dev.merchant_stats",
    timestamp_field="ts",
    tags={"system": "merchants", "tier": "2"},
    owner="team-merchants",
)

merchant_risk_view = FeatureView(
    name="merchant_risk",
    entities=[merchant_entity],
    ttl=timedelta(hours=6),
    schema=[Field(name="score", dtype=Float64), Field(name="chargebacks_30d", dtype=Int64)],
    source=merchant_stats_source,
    online=True,
    description="How often payments to the merchant go wrong.",
    tags={"system": "merchants", "tier": "2"},
    owner="team-merchants",
)

review_inputs_service = FeatureService(
    name="review_inputs",
    features=[merchant_risk_view[["score", "chargebacks_30d"]]],
    tags={"system": "merchants", "tier": "2"},
    owner="team-merchants",
)
