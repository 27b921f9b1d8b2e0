"""Facts of external_secrets: versions, and what it can and cannot do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import abilities
from mlopsctl.engines.base import ARGO_CD, Exporter, Facts, KindFacts

KINDS: Final = MappingProxyType(
    {
        ("external-secrets.io", "ExternalSecret"): KindFacts(-2, ARGO_CD),
        ("external-secrets.io", "SecretStore"): KindFacts(-2, ARGO_CD),
    }
)

FACTS: Final = (
    Facts(
        "secrets",
        "external-secrets",
        (),
        "",
        capabilities=abilities("fetch"),
        folder="secrets",
        kinds=KINDS,
        metrics=(Exporter("mlopsctl.engines.external_secrets.exported_metrics"),),
    ),
)
