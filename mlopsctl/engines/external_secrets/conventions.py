"""The words of the External Secrets operator."""

from __future__ import annotations

from typing import Final

API_VERSION: Final = "external-secrets.io/v1"
COMPONENT: Final = "secrets"
WAVE: Final = -2
"""What reads a secret comes later, and waits until the operator has fetched it."""

REFRESH: Final = "1h"
"""How often the store is asked again: a rotated credential arrives within this time."""

DEFAULTS: Final = {
    "conversionStrategy": "Default",
    "decodingStrategy": "None",
    "metadataPolicy": "None",
    "nullBytePolicy": "Ignore",
}
"""What many releases of the operator write into each reference that leaves it out: Argo CD would call that a
difference, and put it right for ever."""
