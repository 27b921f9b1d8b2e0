"""Diagnostic codes of Cortex: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

CORTEX_IMAGE = Code(
    "MLC838",
    "endpoint without a server image",
    Severity.ERROR,
    why="Seldon and KServe provide model servers; Cortex runs only the configured containers. Without a server image, "
    "nothing answers requests.",
    help="set `stack.serving.image` to an image that serves the model at MODEL_URI",
    bad="serving: {engine: cortex}",
    good="serving: {engine: cortex, image: ghcr.io/acme/model-server:1.4}",
)
CORTEX_NAME = Code(
    "MLC839",
    "name that Cortex does not accept",
    Severity.ERROR,
    why="An API's name is part of the longer names of its pods, so it can have at most 42 characters. Names that "
    "begin with `b-` are reserved for queues. A cluster has one list of names for all namespaces.",
    help="shorten or change the name of the endpoint or of the system",
    bad="endpoints:\n  score-everything-that-happens-in-the-evening: {model: champion}",
    good="endpoints:\n  evening: {model: champion}",
)
CORTEX_TWINS = Code(
    "MLC840",
    "candidate equal to the served version",
    Severity.ERROR,
    why="Each version is a separate API, named by the version. A candidate with the same version would be the same "
    "API twice, and a splitter rejects duplicates.",
    help="lock another version as the candidate, or none",
    bad='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "7"}}',
    good='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "8"}}',
)
CORTEX_RESOURCES = Code(
    "MLC841",
    "resources that Cortex does not support",
    Severity.ERROR,
    why="Cortex rejects a container with less than 20m of cpu or 20Mi of memory, and supports two accelerators: "
    "NVIDIA's GPUs and AWS Inferentia.",
    help="request resources that Cortex supports",
    bad='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1, resource: amd.com/gpu}}',
    good='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1, resource: nvidia.com/gpu}}',
)
CORTEX_STEPS = Code(
    "MLC842",
    "canary steps that do not advance automatically",
    Severity.WARNING,
    why="On Seldon and KServe, a pipeline run shifts the traffic, monitors it and takes it back. A run cannot change "
    "the weights of a TrafficSplitter, so a candidate stays at the first step.",
    help="change the steps in Git, and render and deploy each of them; or serve with seldon or kserve",
    bad="rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m}",
    good="rollout: {strategy: direct}",
)

CODES: tuple[Code, ...] = (
    CORTEX_IMAGE,
    CORTEX_NAME,
    CORTEX_TWINS,
    CORTEX_RESOURCES,
    CORTEX_STEPS,
)
