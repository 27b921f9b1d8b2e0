"""Derive rendered names from the system's name, within the limits of their targets."""

from __future__ import annotations

SHARED = "shared"
"""The unit of shared objects of an environment; no system can have that name."""
LONGEST = 52
"""Maximum length of a CronWorkflow's name: the controller appends eleven characters per run."""


FEATURE_MAP = "features"
SYSTEMS_A_MAP = 200
"""The number of systems whose definitions fit into one ConfigMap of a mebibyte."""


def feature_maps(workspace: str, systems: int) -> tuple[str, ...]:
    """Name the ConfigMaps that hold the feature project of `systems` systems.

    The names contain the workspace, because two workspaces may share a namespace.
    """
    name = join(workspace, FEATURE_MAP)
    count = max(1, -(-systems // SYSTEMS_A_MAP))
    return (name, *(f"{name}-{number}" for number in range(1, count)))


def join(*parts: str) -> str:
    """Join with `-`, without repeating a prefix.

    `card-fraud` and `card-fraud-scorer` give `card-fraud-scorer`.
    """
    name = parts[0]
    for part in parts[1:]:
        name = part if part == name or part.startswith(f"{name}-") else f"{name}-{part}"
    return name


def module(name: str) -> str:
    """Convert a name to a Python module name: `card-fraud` to `card_fraud`."""
    return name.replace("-", "_")


def version_part(text: str) -> str:
    """Convert a version to a part of an object's name: `1.2_rc` to `1-2-rc`."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower()).strip("-")


def camel(*parts: str) -> str:
    """Join names in CamelCase: `card-fraud`, `availability` to `CardFraudAvailability`."""
    words = (word for part in parts for word in part.replace("_", "-").split("-"))
    return "".join(word[:1].upper() + word[1:] for word in words)
