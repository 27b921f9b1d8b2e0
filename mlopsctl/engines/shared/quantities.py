"""Kubernetes quantities: as numbers, and as whole numbers of a unit for parsers that reject fractions."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Final

_BINARY: Final = (("Ei", 2**60), ("Pi", 2**50), ("Ti", 2**40), ("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10))
_DECIMAL: Final = (("E", 10**18), ("P", 10**15), ("T", 10**12), ("G", 10**9), ("M", 10**6), ("k", 10**3))


@lru_cache(maxsize=256)
def whole_bytes(quantity: str) -> str:
    """Write a quantity as a whole number of a unit: `1.5Gi` is `1536Mi`; whole numbers are unchanged."""
    if "." not in quantity and not quantity.endswith("m"):
        return quantity
    exact = ceil(number(quantity))
    return next((f"{exact // size}{unit}" for unit, size in _BINARY if exact >= size and exact % size == 0), str(exact))


def number(quantity: str) -> Decimal:
    """Return a quantity as a number of bytes or cores."""
    if quantity.endswith("m"):
        return Decimal(quantity[:-1]) / 1000
    for unit, size in (*_BINARY, *_DECIMAL):
        if quantity.endswith(unit):
            return Decimal(quantity.removesuffix(unit)) * size
    return Decimal(quantity)
