"""The codes MLC72x: settings of pods.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNSUPPORTED = Code(
    "MLC720",
    "setting of pods that the engine does not support",
    Severity.WARNING,
    "Some engines start pods without a field for every setting: a Model of Seldon 2, for example, runs in the pods of "
    "a Server that it shares. The setting is left out of what is rendered, and the pods run without it.",
    "remove the setting, use another engine, or configure the engine itself",
    'stack: {serving: {engine: seldon, version: "2"}}\nendpoints:\n  scorer:\n    model: champion\n'
    "    pods: {placement: {nodeSelector: {pool: gpu}}}\n",
    "stack: {serving: {engine: kserve}}\nendpoints:\n  scorer:\n    model: champion\n"
    "    pods: {placement: {nodeSelector: {pool: gpu}}}\n",
)
MOUNT_PATH = Code(
    "MLC721",
    "mount path that is taken",
    Severity.ERROR,
    "A container sees one volume at a path. Two volumes at the same path are rejected by the API server. A volume over "
    "a folder of mlopsctl's, such as /workspace, would hide the Blueprint or the files that steps hand to each other.",
    "mount the volume at another path",
    "pods:\n  train:\n    volumes: {data: {claim: datasets, path: /workspace}}\n",
    "pods:\n  train:\n    volumes: {data: {claim: datasets, path: /data}}\n",
)
VARIABLE = Code(
    "MLC722",
    "variable that mlopsctl sets",
    Severity.ERROR,
    "Containers get their own variables: where the registry is, its credentials, the ports of a server. A second value "
    "of one name is rejected by the API server, or breaks the step.",
    "use another name, or the field of the spec that decides the variable",
    "pods:\n  train:\n    env: {HOME: /root}\n",
    "pods:\n  train:\n    env: {LOG_LEVEL: debug}\n",
)
CODES: tuple[Code, ...] = (UNSUPPORTED, MOUNT_PATH, VARIABLE)
