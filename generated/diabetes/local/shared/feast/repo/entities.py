"""The entities of every system."""

from feast import Entity, ValueType

patient_entity = Entity(
    name="patient",
    join_keys=["patient_id"],
    value_type=ValueType.INT64,
    tags={"systems": "diabetes"},
    owner="team-clinic",
)
