"""Features of quickstart, owned by team-growth.

Says which customers are about to leave.
"""

from datetime import timedelta

import pandas as pd
from feast import FeatureService, FeatureView, Field, FileSource
from feast.on_demand_feature_view import on_demand_feature_view
from feast.types import Float64, Int64

from entities import customer_entity
from on_demand import as_declared

activity_source = FileSource(
    name="activity",
    path="data/activity.parquet",
    timestamp_field="ts",
    tags={"system": "quickstart", "tier": "3"},
    owner="team-growth",
)

customer_activity_view = FeatureView(
    name="customer_activity",
    entities=[customer_entity],
    ttl=timedelta(days=2),
    schema=[Field(name="visits_7d", dtype=Int64), Field(name="spend_30d", dtype=Float64)],
    source=activity_source,
    online=True,
    tags={"system": "quickstart", "tier": "3"},
    owner="team-growth",
)


@as_declared
@on_demand_feature_view(
    name="spend_per_visit",
    sources=[customer_activity_view[["spend_30d", "visits_7d"]]],
    schema=[Field(name="spend_per_visit", dtype=Float64)],
    mode="pandas",
    tags={"system": "quickstart", "tier": "3"},
    owner="team-growth",
)
def spend_per_visit_view(inputs: pd.DataFrame) -> pd.DataFrame:
    import churn.features as code

    return code.spend_per_visit(inputs[["spend_30d", "visits_7d"]])[["spend_per_visit"]]


churn_inputs_service = FeatureService(
    name="churn_inputs",
    features=[
        customer_activity_view[["visits_7d", "spend_30d"]],
        spend_per_visit_view[["spend_per_visit"]],
    ],
    tags={"system": "quickstart", "tier": "3"},
    owner="team-growth",
)
