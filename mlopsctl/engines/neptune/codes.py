"""Diagnostic codes of Neptune: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

HOSTED = Code(
    "MLC886",
    "hosted Neptune, which no longer exists",
    Severity.ERROR,
    why="The hosted Neptune was shut down on 5 March 2026, and its data is deleted. Only a self-hosted installation "
    "can be used, and its address is required.",
    help="use `engine: mlflow`; or set the address of your installation in `uri`",
    bad="registry: {engine: neptune, project: acme/card-fraud}",
    good="registry: {engine: mlflow, uri: http://mlflow.mlops.svc:5000}",
)
PROJECT = Code(
    "MLC887",
    "invalid Neptune project",
    Severity.ERROR,
    why="Runs belong to a project, which includes the name of its workspace. Generation 2 accepts any other name "
    "while it is offline, and loses the run when it is sent.",
    help="write it as workspace/project",
    bad="registry: {engine: neptune, uri: https://neptune.acme.example, project: card-fraud}",
    good="registry: {engine: neptune, uri: https://neptune.acme.example, project: acme/card-fraud}",
)
REGISTRY = Code(
    "MLC888",
    "registry feature that Neptune does not have",
    Severity.WARNING,
    why="In Neptune an alias is a field of a run. Two runs can have it at the same time, and its clients only write: "
    "the steps know the served version only from mlops.lock, and read its rows from the address in the lock.",
    help="lock the served version, or register models with mlflow",
    bad="# nothing locked\nlive: {every: 1h, window: 24h, quality: {metric: average_precision, min: 0.8}}",
    good="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: s3://acme/models/3f9a1c2b}",
)
ARTIFACT = Code(
    "MLC889",
    "model package that the serving engine cannot read",
    Severity.WARNING,
    why="The steps upload a model's package to Neptune, which serves files only to its own clients. A serving engine "
    "fetches a model by address, and cannot read Neptune's files.",
    help="copy the package to the address in mlops.lock before you lock it, or register models with mlflow",
    bad="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: mlflow-artifacts://mlflow/7}",
    good="# mlops.lock\ncard-fraud@champion: {version: 3f9a1c2b, uri: s3://acme/models/3f9a1c2b}",
)

CODES: tuple[Code, ...] = (HOSTED, PROJECT, REGISTRY, ARTIFACT)
