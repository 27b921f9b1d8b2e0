"""The entities of every system."""

from feast import Entity, ValueType

claim_entity = Entity(
    name="claim",
    join_keys=["claim_id"],
    value_type=ValueType.STRING,
    tags={"systems": "claims"},
    owner="team-claims",
)
