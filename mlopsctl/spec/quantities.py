"""Parse numbers, percentages and Kubernetes quantities."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from mlopsctl.spec.scalars import fail, outside, scalar_text

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?", re.ASCII)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%", re.ASCII)
_SCALES = {
    "": Decimal(1), "m": Decimal("0.001"), "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9),
    "T": Decimal(10**12), "P": Decimal(10**15), "Ki": Decimal(2**10), "Mi": Decimal(2**20),
    "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50),
}  # fmt: skip


class Quantity(Struct, frozen=True):
    """A Kubernetes quantity: its text, and its value in cores or bytes."""

    text: str
    value: Decimal

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=256)
def _quantity(text: str) -> Quantity | None:
    match = _QUANTITY.fullmatch(text)
    return Quantity(text, Decimal(match[1]) * _SCALES[match[2] or ""]) if match and len(text) < 32 else None


def parse_quantity(value: object) -> Quantity:
    """Parse a Kubernetes quantity above zero: `500m`, `4`, `16Gi`."""
    quantity = _quantity(str(value)) if isinstance(value, (str, int, float)) and value is not True else None
    if not quantity or not quantity.value:
        near = re.sub(r"(?<=[KMGTP])B?$", "i", str(value).strip())
        help = f"did you mean `{near}`?" if near != value and _quantity(near) else "write 500m, 2, 512Mi or 16Gi"
        raise fail("quantity", f"`{scalar_text(value)}` is not a Kubernetes quantity", help)
    return quantity


def parse_cpu(value: object) -> Quantity:
    """Parse cores, in whole thousandths: `500m`, `4`, `0.5`."""
    quantity = parse_quantity(value)
    if not re.fullmatch(r"[0-9.]+m?", quantity.text):
        raise fail("quantity", f"`{quantity}` is a size, not a number of cores", "write 500m, 0.5 or 4")
    return _within(quantity, Decimal("0.001"), Decimal(1024), "1m", "1024")


def parse_memory(value: object) -> Quantity:
    """Parse bytes: `512Mi`, `16Gi`."""
    quantity = parse_quantity(value)
    if quantity.text.endswith("m"):
        raise fail("quantity", f"`{quantity}` means thousandths of a byte", f"did you mean `{quantity.text[:-1]}Mi`?")
    return _within(quantity, _SCALES["Mi"], 64 * _SCALES["Ti"], "1Mi", "64Ti")


def _within(quantity: Quantity, low: Decimal, high: Decimal, least: str, greatest: str) -> Quantity:
    if not low <= quantity.value <= high:
        help = f"use {least} to {greatest}"
        raise fail("quantity", outside(quantity, least, greatest, quantity.value < low), help)
    if quantity.value % (Decimal("0.001") if low < 1 else 1):
        raise fail("quantity", f"`{quantity}` is more precise than Kubernetes allows", f"use a multiple of {least}")
    return quantity


def parse_percent(value: object) -> Decimal:
    """Parse `99.9%` to the ratio 0.999."""
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise fail("percent", f"`{scalar_text(value)}` is not a percentage", _meant_percent(value))
    if Decimal(match[1]) > 100:
        raise fail("percent", f"`{scalar_text(value)}` is more than 100%", "use 100% or less")
    return (Decimal(match[1]) / 100).normalize()


def parse_percent_between(value: object, least: str, greatest: str) -> Decimal:
    """Parse a percentage from `least` to `greatest`, both as written in the file."""
    share, low, high = parse_percent(value), parse_percent(least), parse_percent(greatest)
    if not low <= share <= high:
        raise fail("percent", outside(value, least, greatest, share < low), f"use {least} to {greatest}")
    return share


def _meant_percent(value: object) -> str:
    """Return a suggestion for numbers such as `0.999` or `99.9`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 100:
        percent = Decimal(str(value)) * (100 if value < 1 else 1)
        return f"did you mean `{percent.normalize():f}%`?"
    return "write it with the percent sign: 99.9%"


def parse_number(value: object) -> Decimal:
    """Parse a finite number exactly as written."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite():
            return number
    raise fail("type", f"`{scalar_text(value)}` is not a number", "write a number without quotes")


def parse_number_between(value: object, least: str, greatest: str) -> Decimal:
    """Parse a number from `least` to `greatest`."""
    number = parse_number(value)
    if not Decimal(least) <= number <= Decimal(greatest):
        raise fail("value", outside(value, least, greatest, number < Decimal(least)), f"use {least} to {greatest}")
    return number
