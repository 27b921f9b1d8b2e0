"""Parse the scalars of the spec: durations, quantities, schedules, names, references.

Each parser returns a typed value that keeps its text, or raises a typed error whose kind names the diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec import Struct
from pydantic import GetPydanticSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?", re.ASCII)
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?", re.ASCII)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%", re.ASCII)
_IMAGE = re.compile(
    r"(?P<name>(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?P<port>\d+))?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)
_PORTS = 65536
_SCALES = {
    "": Decimal(1), "m": Decimal("0.001"), "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9),
    "T": Decimal(10**12), "P": Decimal(10**15), "Ki": Decimal(2**10), "Mi": Decimal(2**20),
    "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50),
}  # fmt: skip


class Duration(Struct, frozen=True, order=True):
    """A length of time, in whole milliseconds."""

    ms: int

    @property
    def seconds(self) -> int:
        """Return whole seconds, rounded down."""
        return self.ms // 1000

    def __str__(self) -> str:
        """Format the duration as in Prometheus and the spec: `1h30m`; in days, never in weeks."""
        rest, parts = self.ms, []
        for unit, size in list(_UNITS.items())[1:]:
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.ms + other.ms)


class Quantity(Struct, frozen=True):
    """A Kubernetes quantity: its text, and its value in cores or bytes."""

    text: str
    value: Decimal

    def __str__(self) -> str:
        return self.text


class Image(Struct, frozen=True):
    """A container image reference, split into its parts."""

    name: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


class FeatureRef(Struct, frozen=True):
    """`view.field`, or `system:view.field` for a view of another system of the workspace."""

    system: str | None
    view: str
    field: str

    def __str__(self) -> str:
        return (f"{self.system}:" if self.system else "") + f"{self.view}.{self.field}"


class Route(Struct, frozen=True):
    """A receiver of notifications: its kind and its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def fail(kind: str, message: str, help: str = "") -> PydanticCustomError:
    """Build the typed error that `spec.validation` turns into the diagnostic of that kind."""
    return PydanticCustomError(f"mlc_{kind}", "{message}", {"message": message, "help": help})


def scalar_text(value: object) -> str:
    """Return a scalar as written in the file, shortened."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = "a block" if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def scalar(parse: Callable[[Any], Any], schema: dict[str, Any]) -> GetPydanticSchema:
    """Return a type with a parser and its JSON Schema."""

    def build(_source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse,
            serialization=core_schema.to_string_ser_schema(),
            metadata={"pydantic_js_functions": [lambda _schema, _handler: dict(schema)]},
        )

    return GetPydanticSchema(build)


def parse_duration(value: object) -> Duration:
    """Parse `15m`, `1h30m`, `100ms`; units w d h m s ms, largest first."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if not match:
        raise fail("duration", f"`{scalar_text(value)}` is not a duration", _meant_duration(value))
    ms = sum(int(n) * size for n, size in zip(match.groups(), _UNITS.values(), strict=True) if n)
    if not 0 <= ms <= 100 * 365 * _UNITS["d"]:
        raise fail("duration", f"`{value}` is longer than 100 years", "write a shorter duration")
    return Duration(ms)


def _meant_duration(value: object) -> str:
    """Return a suggestion for texts such as `15 minutes` or `7200`."""
    match = re.fullmatch(
        r"(\d+)\s*(w|d|h|m|s)(?:eeks?|ays?|ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?", str(value).lower(), re.ASCII
    )
    if match:
        return f"did you mean `{match[1]}{match[2]}`?"
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return f"add the unit: {value}s or {value}m"
    return "write 30s, 15m, 2h, 7d or 1h30m"


def parse_duration_between(value: object, least: str, greatest: str) -> Duration:
    """Parse a duration from `least` to `greatest`; from a second up in whole seconds, as most tools require."""
    duration, low, high = parse_duration(value), parse_duration(least), parse_duration(greatest)
    if not low <= duration <= high:
        raise fail("duration", _outside(value, least, greatest, duration < low), f"use {least} to {greatest}")
    if low.ms % 1000 == 0 and duration.ms % 1000:
        raise fail("duration", f"`{value}` is not a whole number of seconds", "write it without `ms`")
    return duration


def _outside(value: object, least: object, greatest: object, below: bool) -> str:
    return f"`{scalar_text(value)}` is " + (
        f"below the minimum of {least}" if below else f"above the maximum of {greatest}"
    )


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
        raise fail("quantity", _outside(quantity, least, greatest, quantity.value < low), help)
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
        raise fail("percent", _outside(value, least, greatest, share < low), f"use {least} to {greatest}")
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
        raise fail("value", _outside(value, least, greatest, number < Decimal(least)), f"use {least} to {greatest}")
    return number


def parse_version(value: object) -> str:
    """Parse an engine's version; an unquoted number keeps its text."""
    if (
        isinstance(value, (str, int, float))
        and not isinstance(value, bool)
        and re.fullmatch(r"\d[\w.-]*", str(value), re.ASCII)
    ):
        return str(value)
    raise fail("value", f"`{scalar_text(value)}` is not a version", 'write it in quotes: "4.1"')


_CRON_HELP = 'write minute, hour, day of month, month and day of week: "0 3 * * 1"'


@lru_cache(maxsize=256)
def _cron_error(text: str) -> str | None:
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        return f"it has {len(text.split())} instead of five fields"
    if not re.fullmatch(r"[0-9A-Za-z*/,\- ]+", text, re.ASCII):
        return "it contains a character other than `0-9 * / , -`"
    if re.search(r"\d{4}", text, re.ASCII):
        return "it contains a number of more than three digits"
    try:
        next(CronSim(_steps_as_ranges(text), datetime(2024, 1, 1)))
    except CronSimError as error:
        return f"its {str(error).lower().removeprefix('bad ').replace('-', ' ')} is invalid"
    except StopIteration:
        return "it never occurs"
    return None


def _steps_as_ranges(text: str) -> str:
    """Write the days `*/2` as ranges: cronsim reads them as a star, unlike the schedulers (robfig/cron v3)."""
    minute, hour, day, month, weekday = text.split()
    day, weekday = (
        re.sub(r"\*/(?!0*1(?:,|$))", f"{all_days}/", day_field)
        for day_field, all_days in ((day, "1-31"), (weekday, "0-6"))
    )
    return f"{minute} {hour} {day} {month} {weekday}"


def parse_cron(value: object) -> str:
    """Parse a five-field cron line (minute, hour, day of month, month, day of week)."""
    reason = _cron_error(value) if isinstance(value, str) else "it is not a string"
    if reason:
        raise fail("cron", f"`{scalar_text(value)}` is not a cron schedule: {reason}", _CRON_HELP)
    return str(value)


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Return every IANA time zone name, from the pinned `tzdata` package instead of the machine."""
    from importlib import resources

    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def parse_time_zone(value: object) -> str:
    """Parse an IANA time zone name."""
    if isinstance(value, str) and (value in ("UTC", "Etc/UTC") or value in time_zones()):
        return value
    from mlopsctl.diagnostics.suggest import closest

    text = str(value)
    of_city = [zone for zone in sorted(time_zones()) if zone.rpartition("/")[2].lower() == text.lower()]
    near = next(iter(of_city), None) or closest(text, sorted(time_zones()))
    help = f"did you mean `{near}`?" if near else "use an IANA name, such as Etc/UTC or Europe/Berlin"
    raise fail("timezone", f"`{scalar_text(value)}` is not a time zone", help)


def parse_image(value: object) -> Image:
    """Parse a container image reference: `registry/name:tag@sha256:...`."""
    match = _IMAGE.fullmatch(value) if isinstance(value, str) and len(value) < 512 else None
    if not match:
        lower = value.lower() if isinstance(value, str) else ""
        near = f"did you mean `{lower}`?" if lower != value and _IMAGE.fullmatch(lower) else ""
        help = near or "write registry/name:tag, or registry/name@sha256:..."
        raise fail("image", f"`{scalar_text(value)}` is not an image reference", help)
    if (port := match["port"]) and not 0 < int(port[:6]) < _PORTS:
        raise fail("image", f"`{scalar_text(value)}` has the port {port[:6]}", "use a port from 1 to 65535")
    return Image(match["name"], match["tag"], match["digest"])


@lru_cache(maxsize=1024)
def _promql_error(text: str) -> str | None:
    import promql_parser

    try:
        promql_parser.parse(text)
    except ValueError as error:
        return str(error).split("\n")[0]
    return None


def parse_promql(value: object) -> str:
    """Parse a PromQL expression with Prometheus' grammar."""
    reason = _promql_error(value) if isinstance(value, str) and value.strip() else "it is empty"
    if reason:
        ranged = "add a range: up[5m]" if "expected type matrix" in reason else ""
        help = ranged or "try it in the Prometheus expression browser first"
        raise fail("promql", f"the expression does not parse: {reason}", help)
    return str(value).strip()


def parse_feature_ref(value: object) -> FeatureRef:
    """Parse `view.field` or `system:view.field`."""
    match = (
        re.fullmatch(r"(?:([a-z0-9-]+):)?([A-Za-z_]\w*)\.([A-Za-z_]\w*)", value, re.ASCII)
        if isinstance(value, str)
        else None
    )
    if not match:
        raise fail(
            "name", f"`{scalar_text(value)}` is not a feature reference", "write view.field, or system:view.field"
        )
    return FeatureRef(match[1], match[2], match[3])


def parse_route(value: object) -> Route:
    """Parse a notification route: `slack/channel`, `pagerduty/service`, `email/address`, `webhook/name`."""
    match = (
        re.fullmatch(r"(pagerduty|slack|email|webhook|opsgenie)/([A-Za-z0-9][\w.@+-]{0,99})", value, re.ASCII)
        if isinstance(value, str)
        else None
    )
    if not match:
        raise fail(
            "value",
            f"`{scalar_text(value)}` is not a route",
            "write pagerduty/NAME, slack/CHANNEL, opsgenie/NAME, email/ADDRESS or webhook/NAME",
        )
    return Route(match[1], match[2])


_REFERENCE = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
SECRET_NAME_SCHEMA = {"type": "string", "pattern": _REFERENCE, "maxLength": 253}


def parse_secret_name(value: object) -> str:
    """Parse the name of a secret. An invalid name may be the secret itself, so the message never shows the value."""
    if isinstance(value, str) and len(value) <= 253 and re.fullmatch(_REFERENCE, value, re.ASCII):
        return value
    raise fail(
        "secret", "this is not the name of a secret", "write a secret's name, such as feast-redis, never its content"
    )


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def parse_text(value: object) -> str:
    """Parse free text without control and invisible characters."""
    if not isinstance(value, str):
        raise fail("type", f"`{scalar_text(value)}` is not a string", "put it in quotes")
    match = _INVISIBLE.search(value)
    if match:
        raise fail(
            "value",
            f"the text contains the invisible character U+{ord(match[0]):04X}",
            "write visible text only",
        )
    return value.strip()


def parse_variable(value: object) -> str:
    """Parse the value of a variable: a string, a number or a boolean."""
    return str(value) if isinstance(value, int | float) else parse_text(value)


def _joined(text: str, glue: str) -> str:
    """Join the words of a text into a name: `Card Fraud` to `card-fraud`, or with `_` to `card_fraud`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return re.sub(r"[^a-z0-9]+", glue, spaced.lower(), flags=re.ASCII).strip(glue)


def matching(
    pattern: str, description: str, help: str, kind: str = "name", limit: int = 253, glue: str = ""
) -> GetPydanticSchema:
    """Return the type of a string that fully matches `pattern`; `glue` joins words in suggested names."""
    compiled: list[re.Pattern[str]] = []

    def fits(value: object) -> bool:
        if not compiled:
            compiled.append(re.compile(pattern, re.ASCII))
        return isinstance(value, str) and len(value) <= limit and compiled[0].fullmatch(value) is not None

    def parse(value: object) -> str:
        if fits(value):
            return str(value)
        if isinstance(value, str) and len(value) > limit:
            raise fail(
                kind, f"`{scalar_text(value)}` has {len(value)} characters; the maximum is {limit}", "shorten it"
            )
        near = _joined(value, glue) if glue and isinstance(value, str) else ""
        raise fail(
            kind, f"`{scalar_text(value)}` is not {description}", f"did you mean `{near}`?" if fits(near) else help
        )

    return scalar(parse, {"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": limit})
