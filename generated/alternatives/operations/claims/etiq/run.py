"""Run the scans of claims with Etiq 1.6.0, beside config.json.

Each function takes data frames, and returns for each scan its segments, issues and aggregates:
a scan that has issues has failed. Categories must be numbers.
"""

import etiq


def open_project():
    """Open the project, with telemetry off."""
    etiq.disable_telemetry()
    etiq.load_config("config.json")
    return etiq.projects.open(name="claims")


def dataset(rows):
    """Say which column of the rows is the label."""
    return etiq.SimpleDatasetBuilder.from_dataframe(rows, target_feature="reviewed").build()


def split(train, holdout):
    """Run the scans of `checks.split`."""
    project = open_project()
    snapshot = project.snapshots.create(
        name="split",
        dataset=dataset(holdout),
        comparison_dataset=dataset(train),
    )
    return {"scan_drift_metrics": snapshot.scan_drift_metrics()}


def model(train, holdout, fitted):
    """Run the scans of `checks.model`."""
    project = open_project()
    snapshot = project.snapshots.create(
        name="model",
        dataset=dataset(holdout),
        comparison_dataset=dataset(train),
        model=etiq.Model(model_fitted=fitted),
    )
    return {"scan_accuracy_metrics": snapshot.scan_accuracy_metrics()}
