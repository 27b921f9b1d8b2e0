"""The entities of every system."""

from feast import Entity, ValueType

card_entity = Entity(
    name="card",
    join_keys=["card_id"],
    value_type=ValueType.STRING,
    tags={"systems": "card-fraud"},
    owner="team-risk",
)

merchant_entity = Entity(
    name="merchant",
    join_keys=["merchant_id"],
    value_type=ValueType.STRING,
    description="A shop that takes cards.",
    tags={"systems": "merchants"},
    owner="team-merchants",
)
