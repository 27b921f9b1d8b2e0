"""Facts of existing_secrets: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Facts

FACTS: Final = (
    Facts(
        "secrets",
        "existing",
        (),
        "",
        capabilities=abilities(fetch=no("secrets are not fetched", "create them in the namespace")),
    ),
)
