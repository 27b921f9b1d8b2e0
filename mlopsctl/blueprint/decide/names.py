"""Names: every rendered name derives from the system's, and fits where it is used."""

from __future__ import annotations

SHARED = "shared"
"""The unit of what the systems of an environment share; no system can have that name."""
LONGEST = 52
"""What a CronWorkflow's name may have: the controller appends eleven characters for each run."""


FEATURE_MAP = "features"
SYSTEMS_A_MAP = 200
"""So many systems' definitions fit well into the mebibyte of one ConfigMap."""


def feature_maps(workspace: str, systems: int) -> tuple[str, ...]:
    """Name the ConfigMaps that hold the feature project of so many systems.

    They are the workspace's: two workspaces may share a namespace, and each has a feature project of its own.
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
    """Return a name as a Python module's: `card-fraud` is `card_fraud`."""
    return name.replace("-", "_")


def version_part(text: str) -> str:
    """Return a version as part of an object's name: `1.2_rc` is `1-2-rc`."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower()).strip("-")


def camel(*parts: str) -> str:
    """Return names as one CamelCase word: `card-fraud`, `availability` is `CardFraudAvailability`."""
    words = (word for part in parts for word in part.replace("_", "-").split("-"))
    return "".join(word[:1].upper() + word[1:] for word in words)
