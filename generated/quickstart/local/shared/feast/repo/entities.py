"""The entities of every system."""

from feast import Entity, ValueType

customer_entity = Entity(
    name="customer",
    join_keys=["customer_id"],
    value_type=ValueType.STRING,
    tags={"systems": "quickstart"},
    owner="team-growth",
)
