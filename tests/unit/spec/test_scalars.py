"""The small words: what is read, what is refused, and what is advised instead."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic_core import PydanticCustomError

from mlopsctl.spec import quantities, references, texts, times


def refusal(parse: object, value: object) -> str:
    with pytest.raises(PydanticCustomError) as refused:
        parse(value)  # type: ignore[operator]
    context = refused.value.context or {}
    return str(context["help"])


@pytest.mark.parametrize(
    ("text", "ms", "written"),
    [
        ("15m", 900_000, "15m"), ("1h30m", 5_400_000, "1h30m"), ("100ms", 100, "100ms"), ("90s", 90_000, "1m30s"),
        ("30d", 2_592_000_000, "30d"), ("2w", 1_209_600_000, "14d"), ("1w1d1h1m1s1ms", 694_861_001, "8d1h1m1s1ms"),
        ("24h", 86_400_000, "1d"), ("0s", 0, "0s"),
    ],
)  # fmt: skip
def test_a_duration_is_read_in_milliseconds_and_written_in_days(text: str, ms: int, written: str) -> None:
    duration = times.parse_duration(text)
    assert (duration.ms, str(duration)) == (ms, written)


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("15 minutes", "did you mean `15m`?"), ("2 hours", "did you mean `2h`?"), ("7 days", "did you mean `7d`?"),
        ("30 sec", "did you mean `30s`?"), ("1H", "did you mean `1h`?"), (7200, "add the unit: 7200s or 7200m"),
        ("", "write 30s, 15m, 2h, 7d or 1h30m"), ("30m1h", "write 30s, 15m, 2h, 7d or 1h30m"),
        ("1.5h", "write 30s, 15m, 2h, 7d or 1h30m"), ("-5m", "write 30s, 15m, 2h, 7d or 1h30m"),
        (None, "write 30s, 15m, 2h, 7d or 1h30m"), ("PT15M", "write 30s, 15m, 2h, 7d or 1h30m"),
        ("\u0661\u0665m", "write 30s, 15m, 2h, 7d or 1h30m"), ("99999w", "write a shorter duration"),
        ("9" * 400 + "s", "write a shorter duration"),
    ],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_the_nearest_that_is(value: object, help: str) -> None:
    assert refusal(times.parse_duration, value) == help


def test_zero_is_a_delay_and_no_interval() -> None:
    assert times.parse_duration("0s").ms == 0


@pytest.mark.parametrize(
    ("value", "amount"),
    [("500m", "0.5"), ("2", "2"), (2, "2"), (0.5, "0.5"), ("512Mi", 2**29), ("16Gi", 2**34), ("1k", 1000), ("1.5G", 1.5e9)],
)  # fmt: skip
def test_a_quantity_keeps_its_text_and_knows_its_value(value: object, amount: object) -> None:
    quantity = quantities.parse_quantity(value)
    assert (str(quantity), quantity.value) == (str(value), Decimal(str(amount)))


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("4GB", "did you mean `4Gi`?"), ("512MB", "did you mean `512Mi`?"), ("two", "write 500m, 2, 512Mi or 16Gi"),
        ("0", "write 500m, 2, 512Mi or 16Gi"), (True, "write 500m, 2, 512Mi or 16Gi"), ("-1", "write 500m, 2, 512Mi or 16Gi"),
        ("1e3", "write 500m, 2, 512Mi or 16Gi"), ([], "write 500m, 2, 512Mi or 16Gi"), ("9" * 99, "write 500m, 2, 512Mi or 16Gi"),
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(value: object, help: str) -> None:
    assert refusal(quantities.parse_quantity, value) == help


def test_a_percentage_is_an_exact_ratio() -> None:
    assert quantities.parse_percent("99.9%") == Decimal("0.999")
    assert quantities.parse_percent("100%") == 1


@pytest.mark.parametrize(
    ("value", "help"),
    [
        (0.999, "did you mean `99.9%`?"), (99.9, "did you mean `99.9%`?"), (0.95, "did you mean `95%`?"),
        ("101%", "use 100% or less"), ("99,9%", "write it with the percent sign: 99.9%"), (True, "write it with the percent sign: 99.9%"),
        ("-1%", "write it with the percent sign: 99.9%"), (400, "write it with the percent sign: 99.9%"),
    ],
)  # fmt: skip
def test_what_is_no_percentage_is_refused_with_what_was_meant(value: object, help: str) -> None:
    assert refusal(quantities.parse_percent, value) == help


@pytest.mark.parametrize(
    "text", ["0 3 * * 1", "*/15 * * * *", "0 3 1,15 * *", "0 0 * * SUN", "0 3 L * *", "0 9-17 * * 1-5"]
)
def test_a_cron_line_is_read(text: str) -> None:
    assert times.parse_cron(text) == text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("0 25 * * *", "its hour is invalid"), ("61 * * * *", "its minute is invalid"), ("0 3 31 2 *", "its day of month is invalid"),
        ("0 0 3 * * 1", "it has 6 instead of five fields"), ("hourly", "it has 1 instead of five fields"), ("", "it has 0 instead of five fields"),
        ("@daily x x x x", "it contains a character other than `0-9 * / , -`"), (5, "it is not a string"),
        ("0 */9223372036854775808 * * *", "it contains a number of more than three digits"),
    ],
)  # fmt: skip
def test_what_is_no_cron_line_is_refused_with_the_field_that_is_wrong(value: object, reason: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        times.parse_cron(value)
    assert str(refused.value.context["message"]).endswith(reason)  # type: ignore[index]


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("Berlin", "did you mean `Europe/Berlin`?"), ("new_york", "did you mean `America/New_York`?"),
        ("Europe/Berln", "did you mean `Europe/Berlin`?"), ("+02:00", "use an IANA name, such as Etc/UTC or Europe/Berlin"),
        ("../../etc/passwd", "use an IANA name, such as Etc/UTC or Europe/Berlin"),
    ],
)  # fmt: skip
def test_what_is_no_time_zone_is_refused_with_the_nearest_that_is(value: object, help: str) -> None:
    assert refusal(times.parse_time_zone, value) == help


def test_a_zone_may_be_of_the_database_or_utc() -> None:
    assert [times.parse_time_zone(zone) for zone in ("UTC", "Etc/UTC", "Asia/Kolkata")]


@pytest.mark.parametrize(
    ("text", "name", "tag"),
    [
        ("ghcr.io/acme/fraud:1.4", "ghcr.io/acme/fraud", "1.4"), ("fraud", "fraud", None),
        ("localhost:5000/fraud:latest", "localhost:5000/fraud", "latest"),
        ("europe-docker.pkg.dev/acme/ml/demand:2026.11", "europe-docker.pkg.dev/acme/ml/demand", "2026.11"),
    ],
)  # fmt: skip
def test_an_image_is_cut_into_its_parts(text: str, name: str, tag: str | None) -> None:
    image = references.parse_image(text)
    assert (image.name, image.tag, image.digest, str(image)) == (name, tag, None, text)
    pinned = references.parse_image(f"{text}@sha256:{'0' * 64}")
    assert pinned.digest == f"sha256:{'0' * 64}"


def test_an_image_in_capitals_is_advised_in_small_letters() -> None:
    assert refusal(references.parse_image, "ghcr.io/Acme/Fraud:1") == "did you mean `ghcr.io/acme/fraud:1`?"


@pytest.mark.parametrize("value", ["", "a b", "a:b:c", "a@sha256:12", "/a", "a//b", "--privileged", "x" * 600, 5, None])
def test_what_is_no_image_is_refused(value: object) -> None:
    assert refusal(references.parse_image, value) == "write registry/name:tag, or registry/name@sha256:..."


@pytest.mark.parametrize("value", ["a\u202eb", "a\x00b", "a\u200bb", "\ufeffa", "a\x7fb", "a\u2028b"])
def test_a_text_that_hides_something_is_refused(value: str) -> None:
    assert refusal(texts.parse_text, value) == "write visible text only"


@pytest.mark.parametrize("value", ["plain", "with \n two lines", "tab\there", "Prüfung ✓", "日本語"])
def test_a_text_that_shows_everything_is_read(value: str) -> None:
    assert texts.parse_text(value) == value


def test_what_is_no_name_of_a_secret_is_not_repeated() -> None:
    with pytest.raises(PydanticCustomError) as refused:
        references.parse_secret_name("Tr0ub4dor&3")
    assert "Tr0ub4dor" not in str(refused.value.context)


def test_a_reference_to_a_feature_may_name_a_system() -> None:
    own, there = references.parse_feature_ref("view.field"), references.parse_feature_ref("other-system:view.field")
    assert (own.system, own.view, own.field, str(own)) == (None, "view", "field", "view.field")
    assert (there.system, str(there)) == ("other-system", "other-system:view.field")
    assert refusal(references.parse_feature_ref, "field") == "write view.field, or system:view.field"


def test_numbers_are_kept_as_they_were_written() -> None:
    assert quantities.parse_number(0.1) == Decimal("0.1")
    for value in (True, "1", None, float("inf"), float("nan")):
        assert refusal(quantities.parse_number, value) == "write a number without quotes"
