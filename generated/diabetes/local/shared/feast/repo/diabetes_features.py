"""Features of diabetes, owned by team-clinic.

Says how far a patient's diabetes will have come in a year.
"""

from datetime import timedelta

from feast import FeatureService, FeatureView, Field, FileSource
from feast.types import Float64

from entities import patient_entity

blood_source = FileSource(
    name="blood",
    path="data/blood.parquet",
    timestamp_field="drawn",
    tags={"system": "diabetes", "tier": "3"},
    owner="team-clinic",
)

blood_test_view = FeatureView(
    name="blood_test",
    entities=[patient_entity],
    ttl=timedelta(days=7),
    schema=[
        Field(name="total_cholesterol", dtype=Float64),
        Field(name="ldl", dtype=Float64),
        Field(name="hdl", dtype=Float64),
        Field(name="log_triglycerides", dtype=Float64),
        Field(name="glucose", dtype=Float64),
    ],
    source=blood_source,
    online=False,
    tags={"system": "diabetes", "tier": "3"},
    owner="team-clinic",
)

progression_inputs_service = FeatureService(
    name="progression_inputs",
    features=[blood_test_view[["total_cholesterol", "ldl", "hdl", "log_triglycerides", "glucose"]]],
    tags={"system": "diabetes", "tier": "3"},
    owner="team-clinic",
)
