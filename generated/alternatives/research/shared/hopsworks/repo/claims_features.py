"""Features of claims, owned by team-claims.

Says which insurance claims a person should look at.
"""

from datetime import timedelta

from hsfs.feature import Feature


def groups(fs):
    """Create the feature groups."""
    claim_history_group = fs.get_external_feature_group(name="claim_history", version=1)
    if claim_history_group is None:
        claim_history_source = fs.get_data_source(name="claims-warehouse")
        claim_history_source.query = "SELECT * FROM claims.stats"
        claim_history_group = fs.create_external_feature_group(
            name="claim_history",
            version=1,
            description="system: claims\nowner: team-claims\ntier: 2",
            primary_key=["claim_id"],
            event_time="ts",
            online_enabled=True,
            ttl=timedelta(days=3),
            features=[
                Feature(name="claim_id", type="string"),
                Feature(name="ts", type="timestamp"),
                Feature(name="amount", type="double"),
                Feature(name="reports_1y", type="bigint"),
            ],
            data_source=claim_history_source,
            statistics_config=False,
        )
        claim_history_group.save()
    claim_inputs_rows_group = fs.get_external_feature_group(name="claim_inputs_rows", version=1)
    if claim_inputs_rows_group is None:
        claim_inputs_rows_source = fs.get_data_source(name="claims-warehouse")
        claim_inputs_rows_source.query = "SELECT * FROM claims.decisions"
        claim_inputs_rows_group = fs.create_external_feature_group(
            name="claim_inputs_rows",
            version=1,
            description=(
                "The rows that features of claim_inputs are joined to.\n"
                "system: claims\n"
                "owner: team-claims\n"
                "tier: 2"
            ),
            primary_key=["claim_id"],
            event_time="ts",
            online_enabled=False,
            features=[
                Feature(name="claim_id", type="string"),
                Feature(name="ts", type="timestamp"),
                Feature(name="reviewed", type="boolean"),
            ],
            data_source=claim_inputs_rows_source,
            statistics_config=False,
        )
        claim_inputs_rows_group.save()


def views(fs):
    """Create the feature views, over groups that are there."""
    query = fs.get_feature_group(name="claim_inputs_rows", version=1).select(["reviewed"])
    query = query.join(
        fs.get_feature_group(name="claim_history", version=1).select(["amount", "reports_1y"]),
        on=["claim_id"],
    )
    fs.get_or_create_feature_view(
        name="claim_inputs",
        version=1,
        description="system: claims\nowner: team-claims\ntier: 2",
        query=query,
        labels=["reviewed"],
        max_feature_age=timedelta(days=3),
    )


def training_data(fs, rows):
    """Join past features to rows of keys, event time, request fields and label, and keep the version."""
    view = fs.get_feature_view(name="claim_inputs", version=1)
    return view.training_data(spine_df=rows)
