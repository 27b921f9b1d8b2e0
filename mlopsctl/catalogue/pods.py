"""Settings of pods as capabilities of an engine, and what of a pod is mlopsctl's own."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import no

FIELDS: Final = (
    "labels",
    "annotations",
    "service-account",
    "image-pull-secrets",
    "node-selector",
    "tolerations",
    "affinity",
    "priority-class",
    "topology-spread",
    "env",
    "env.secret",
    "volumes.claim",
    "volumes.config-map",
    "volumes.secret",
    "volumes.empty-dir",
    "volumes.shared-memory",
    "volumes.read-only",
    "queue",
)
"""The settings that an engine answers for: all as the capability `pods`, and one that differs as `pods.<field>`."""
ANY: Final = "pods"
NO_QUEUE: Final = no("a queue admits the pods of steps alone", "`queue` of `steps`")
"""The answer of every engine that serves."""

PATHS: Final = (
    *("/etc/mlopsctl", "/opt/mlopsctl", "/workspace", "/tmp"),  # noqa: S108
    *("/mnt/models", "/etc/mlserver", "/var/run", "/proc", "/sys"),
)
"""Folders in containers that mlopsctl, an engine or the kernel fills."""
DEVICES: Final = "/dev"
SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108
VARIABLE_PREFIX: Final = "MLOPSCTL_"
VARIABLES: Final = frozenset(
    {"HOME"} | {f"MLSERVER_{name}" for name in ("HTTP_PORT", "GRPC_PORT", "METRICS_PORT")}
    | {f"MLSERVER_MODEL_{name}" for name in ("NAME", "IMPLEMENTATION", "URI")}
)  # fmt: skip
"""Variables that every container has its value of."""


def field(ability: str) -> str:
    """Return the capability of a setting of pods."""
    return f"{ANY}.{ability}"


def taken(path: str) -> str | None:
    """Return the folder of `PATHS` that a volume at `path` would hide or lie in."""
    if path == SHARED_MEMORY:
        return None
    folders = (*PATHS, DEVICES)
    return next((own for own in folders if f"{path}/".startswith(f"{own}/") or own.startswith(f"{path}/")), None)
