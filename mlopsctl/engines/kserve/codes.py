"""Diagnostic codes of KServe: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

KSERVE_SHARE = Code(
    "MLC835",
    "canary step that whole replicas cannot express",
    Severity.ERROR,
    why="In Standard mode KServe gives a canary whole replicas, and takes them from the stable version. A small share "
    "of few replicas is rounded up: five percent of two replicas is one, so half of them run the candidate.",
    help="use more replicas, steps that whole replicas can express, or the mode Knative, which splits exactly",
    bad="replicas: {min: 2}\nrollout: {strategy: canary, steps: [5, 50, 100], pause: 10m}",
    good="replicas: {min: 4}\nrollout: {strategy: canary, steps: [25, 50, 100], pause: 10m}",
)
KSERVE_URI = Code(
    "MLC836",
    "artifact address that KServe does not support",
    Severity.ERROR,
    why="KServe's storage initializer fetches a model before its server starts. It supports some stores, by the "
    "prefix of the address, and rejects any other.",
    help="keep the registry's artifacts in a store that KServe supports",
    bad='# mlops.lock\nchurn@champion: {version: "7", uri: dbfs://churn/7}',
    good='# mlops.lock\nchurn@champion: {version: "7", uri: s3://models/churn/7}',
)
KSERVE_IMAGE = Code(
    "MLC837",
    "model package and KServe's own runtime do not fit",
    Severity.WARNING,
    why="KServe's runtime `kserve-mlserver` is MLServer 1.7.1 with Python 3.10, numpy 1.26 and MLflow 2.19. The steps "
    "train with Python 3.11 or later, numpy 2.3 and MLflow 3.17. The server cannot load such a package and never "
    "becomes ready.",
    help="build the server's image from `Dockerfile.server` and set it as `stack.serving.image`; KServe's own "
    "runtime fits only if the platform has replaced its image",
    bad="serving: {engine: kserve}",
    good="serving: {engine: kserve, image: ghcr.io/acme/model-server:0.1.0}",
)

CODES: tuple[Code, ...] = (
    KSERVE_SHARE,
    KSERVE_URI,
    KSERVE_IMAGE,
)
