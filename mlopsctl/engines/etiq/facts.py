"""Facts of etiq: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Checks, Facts

_ETIQ: Final = abilities(
    "checks data split model",
    suites=no("Etiq has scans, but no suites", "single scans"),
    conditions=no("a scan has thresholds, but no conditions", "params.thresholds"),
    drift=no("Etiq's dependencies conflict with those of the steps", "scan_drift_metrics below checks.split"),
)
_ETIQ_STATE: Final = (
    "Etiq is proprietary and has had no release since August 2024: users install the library themselves"
)

FACTS: Final = (
    Facts(
        "checks",
        "etiq",
        ("1.6",),
        "1.6",
        "proprietary",
        "Etiq has a licence of its own",
        _ETIQ,
        _ETIQ_STATE,
        folder="etiq",
        checks=Checks("mlopsctl.engines.etiq.backend:Etiq", "mlopsctl.engines.etiq.scans:CATALOGUE"),
    ),
)
