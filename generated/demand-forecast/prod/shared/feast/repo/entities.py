"""The entities of every system."""

from feast import Entity, ValueType

product_entity = Entity(
    name="product",
    join_keys=["product_id"],
    value_type=ValueType.INT64,
    tags={"systems": "demand-forecast"},
    owner="team-supply",
)
