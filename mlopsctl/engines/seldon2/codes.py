"""Diagnostic codes of Seldon Core 2: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

SELDON_LAG_TARGET = Code(
    "MLC832",
    "scaling target that belongs to the Server",
    Severity.WARNING,
    why="Seldon 2 compares the lag of a Model with one threshold for all Models of a Server. A Model has no target "
    "field, so the number in the spec has no effect.",
    help="set the threshold on the Server, or scale on rps, which has a target per Model",
    bad="autoscale: {metric: lag, target: 20}",
    good="autoscale: {metric: rps, target: 50}",
)
SELDON_GPU = Code(
    "MLC833",
    "GPU that a Model cannot request",
    Severity.WARNING,
    why="Models of Seldon 2 share the pods of a Server. The Server requests GPUs; a Model only declares its memory, "
    "so the GPU in the spec is not rendered.",
    help="request the GPU on the Server, and remove it here",
    bad='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1}}',
    good='resources: {cpu: "2", memory: 4Gi}',
)
SELDON_TWINS = Code(
    "MLC834",
    "candidate equal to the served version",
    Severity.ERROR,
    why="Each version is a separate Model, named by the version. A candidate with the same version would be the same "
    "Model twice.",
    help="lock another version as the candidate, or none",
    bad='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "7"}}',
    good='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "8"}}',
)

CODES: tuple[Code, ...] = (
    SELDON_LAG_TARGET,
    SELDON_GPU,
    SELDON_TWINS,
)
