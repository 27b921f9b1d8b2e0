"""Features of demand-forecast, owned by team-supply.

Forecasts how much of a product a shop sells tomorrow.
"""

from datetime import timedelta

import pandas as pd
from feast import FeatureService, FeatureView, Field, SnowflakeSource
from feast.on_demand_feature_view import on_demand_feature_view
from feast.types import Float64, Int64

from entities import product_entity
from on_demand import as_declared

sales_source = SnowflakeSource(
    name="sales",
    database="ANALYTICS",
    schema="SALES",
    table="DAILY",
    warehouse="TRANSFORMING",
    timestamp_field="day",
    created_timestamp_column="loaded_at",
    tags={"system": "demand-forecast", "tier": "2"},
    owner="team-supply",
)

product_sales_view = FeatureView(
    name="product_sales",
    entities=[product_entity],
    ttl=timedelta(days=3),
    schema=[
        Field(name="units_7d", dtype=Float64),
        Field(name="units_28d", dtype=Float64),
        Field(name="stock", dtype=Int64),
    ],
    source=sales_source,
    online=True,
    tags={"system": "demand-forecast", "tier": "2"},
    owner="team-supply",
)


@as_declared
@on_demand_feature_view(
    name="momentum",
    sources=[product_sales_view[["units_7d", "units_28d"]]],
    schema=[Field(name="trend", dtype=Float64)],
    mode="pandas",
    tags={"system": "demand-forecast", "tier": "2"},
    owner="team-supply",
)
def momentum_view(inputs: pd.DataFrame) -> pd.DataFrame:
    import demand.features as code

    return code.momentum(inputs[["units_7d", "units_28d"]])[["trend"]]


forecast_inputs_service = FeatureService(
    name="forecast_inputs",
    features=[product_sales_view[["units_7d", "stock"]], momentum_view[["trend"]]],
    tags={"system": "demand-forecast", "tier": "2"},
    owner="team-supply",
)
