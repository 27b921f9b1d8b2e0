"""What the External Secrets operator exports about the secrets it writes."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.metric import counter, gauge

_SOURCE: Final = "external-secrets@v2.9.0:docs/api/metrics.md"

METRICS: Final = (
    gauge("externalsecret_status_condition", "namespace name condition status", _SOURCE),
    counter("externalsecret_sync_calls_total", "namespace name", _SOURCE),
    counter("externalsecret_sync_calls_error", "namespace name", _SOURCE),
)
