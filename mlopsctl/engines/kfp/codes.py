"""Diagnostic codes of Kubeflow Pipelines: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

KFP_CRON = Code(
    "MLC821",
    "schedule that Kubernetes does not support",
    Severity.ERROR,
    why="A CronJob starts the KFP runs of a schedule. Kubernetes reads five fields, days of the week from 0 (Sunday) "
    "to 6, no `L` for the last day and no `#`. It rejects any other line, and the pipeline never starts.",
    help="write Sunday as 0, and use a day of the month that every month has",
    bad='retrain:\n  schedule: {cron: "0 3 L * *", timezone: Etc/UTC}',
    good='retrain:\n  schedule: {cron: "0 3 28 * *", timezone: Etc/UTC}',
)
KFP_FEATURES = Code(
    "MLC822",
    "feature project that KFP cannot mount",
    Severity.ERROR,
    why="A ConfigMap holds one mebibyte, so the feature project of very many systems is split into several "
    "ConfigMaps. Argo Workflows mounts them as one folder; KFP mounts each in its own folder, and Feast needs one "
    "folder.",
    help="split the workspace, or run the pipelines on argo-workflows",
    bad="# 2,000 systems; stack.pipelines: {engine: kfp}\nsystems: [systems/*/mlops.yaml]",
    good="# those of one domain\nsystems: [systems/risk/*/mlops.yaml]",
)

CODES: tuple[Code, ...] = (
    KFP_CRON,
    KFP_FEATURES,
)
