"""Codes of failed requests."""

from __future__ import annotations

from typing import Final

ANY_ERROR: Final = "5..|Internal|Unknown|Unavailable|DeadlineExceeded|ResourceExhausted|DataLoss|Unimplemented"
"""HTTP statuses and gRPC codes of server errors, as an RE2 pattern."""
