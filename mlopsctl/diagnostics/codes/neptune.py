"""The codes MLC886 to MLC889: what Neptune is not, and what it cannot do.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

HOSTED = Code(
    "MLC886",
    "a Neptune that no longer exists",
    Severity.ERROR,
    why="The hosted Neptune was shut down on 5 March 2026, and what was kept there is deleted. Only an installation of "
    "one's own can still be written to, and its address has to be known.",
    mend="use `engine: mlflow`; or name your own installation in `uri`",
    bad="registry: {engine: neptune, project: acme/card-fraud}",
    good="registry: {engine: mlflow, uri: http://mlflow.mlops.svc:5000}",
)
PROJECT = Code(
    "MLC887",
    "a project that Neptune does not have",
    Severity.ERROR,
    why="Runs belong to a project, which Neptune names with its workspace. Generation 2 takes any other name while it "
    "is offline, and loses the run when it is sent.",
    mend="write it as workspace/project",
    bad="registry: {engine: neptune, uri: https://neptune.acme.example, project: card-fraud}",
    good="registry: {engine: neptune, uri: https://neptune.acme.example, project: acme/card-fraud}",
)
REGISTRY = Code(
    "MLC888",
    "something of a registry that Neptune has not",
    Severity.WARNING,
    why="To Neptune an alias is a field of a run. Two runs can have it at one time, and its clients only write: the "
    "steps know a version as served when mlops.lock names it, and read its rows from where the lock says.",
    mend="lock the version that is served, or register models with mlflow",
    bad="# nothing locked\nlive: {every: 1h, window: 24h, quality: {metric: average_precision, min: 0.8}}",
    good="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: s3://acme/models/3f9a1c2b}",
)
ARTIFACT = Code(
    "MLC889",
    "an endpoint whose model no step puts where it is read",
    Severity.WARNING,
    why="The steps hand a model's package to Neptune, which keeps files for its own clients. A serving engine fetches "
    "a model by an address, and reads none of Neptune's.",
    mend="copy the package to the address in mlops.lock before it is locked, or register models with mlflow",
    bad="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: mlflow-artifacts://mlflow/7}",
    good="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: s3://acme/models/3f9a1c2b}",
)

CODES: tuple[Code, ...] = (HOSTED, PROJECT, REGISTRY, ARTIFACT)
