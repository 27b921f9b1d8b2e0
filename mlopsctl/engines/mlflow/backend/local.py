"""MLflow on one machine: a database and a folder of artifacts beside the spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.runtime.local.layout import Layout


def settings(stack: Mapping[str, Any], layout: Layout, *, files_only: bool) -> dict[str, Any]:  # noqa: ARG001 - as for every engine
    """Return the settings of the local store, which needs no user."""
    return {**stack, "uri": layout.tracking_uri, "secret": None}
