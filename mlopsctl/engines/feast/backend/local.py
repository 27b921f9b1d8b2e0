"""Feast on one machine: a registry and an online store in files, and offline rows in files where all sources are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.runtime.local.layout import Layout

SERVER = "127.0.0.1:6566"
_NO_STORE: Mapping[str, Any] = {"connection": None, "database": None, "secret": None}


def settings(stack: Mapping[str, Any], layout: Layout, *, files_only: bool) -> dict[str, Any]:
    """Return the settings of the local stores; an offline store that is a warehouse is unchanged."""
    files = {**_NO_STORE, "type": "file"}
    return {
        "offline": files,
        **stack,
        "registry": str(layout.feature_registry),
        "online": {**_NO_STORE, "type": "sqlite", "connection": str(layout.online_store)},
        "server": SERVER,
        **({"offline": files} if files_only else {}),
    }
