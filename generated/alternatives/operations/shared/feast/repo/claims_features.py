"""Features of claims, owned by team-claims.

Says which insurance claims a person should look at.
"""

from datetime import timedelta

from feast import BigQuerySource, FeatureService, FeatureView, Field
from feast.types import Float64, Int64

from entities import claim_entity

claim_stats_source = BigQuerySource(
    name="claim_stats",
    table="claims.stats",
    timestamp_field="ts",
    tags={"system": "claims", "tier": "2"},
    owner="team-claims",
)

claim_history_view = FeatureView(
    name="claim_history",
    entities=[claim_entity],
    ttl=timedelta(days=3),
    schema=[Field(name="amount", dtype=Float64), Field(name="reports_1y", dtype=Int64)],
    source=claim_stats_source,
    online=True,
    tags={"system": "claims", "tier": "2"},
    owner="team-claims",
)

claim_inputs_service = FeatureService(
    name="claim_inputs",
    features=[claim_history_view[["amount", "reports_1y"]]],
    tags={"system": "claims", "tier": "2"},
    owner="team-claims",
)
