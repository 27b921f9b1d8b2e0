"""The moment a run works for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from blueprints import blueprints

from mlopsctl.runtime.local.run_time import lifetime, moment

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
SYSTEM = blueprints("quickstart", "local")["quickstart"]


def chosen(memory: Path, later: timedelta, data: str | None = "same", requested: datetime | None = None) -> datetime:
    moment(memory, SYSTEM, None, FIRST, "same")
    return moment(memory, SYSTEM, requested, FIRST + later, data)


def test_the_last_moment_stands_while_data_and_features_do(tmp_path: Path) -> None:
    assert chosen(tmp_path / "m", timedelta(hours=3)) == FIRST


def test_other_data_and_features_past_their_time_bring_the_clocks_moment(tmp_path: Path) -> None:
    assert chosen(tmp_path / "m", timedelta(hours=3), data="other") == FIRST + timedelta(hours=3)
    assert chosen(tmp_path / "m", timedelta(hours=3), data=None) == FIRST + timedelta(hours=3)
    late = lifetime(SYSTEM) + timedelta(seconds=1)
    assert chosen(tmp_path / "m", late) == FIRST + late


def test_a_clock_that_was_set_back_and_a_moment_that_is_asked_for_win(tmp_path: Path) -> None:
    assert chosen(tmp_path / "m", timedelta(hours=-1)) == FIRST - timedelta(hours=1)
    wish = datetime(2025, 1, 1, tzinfo=UTC)
    assert chosen(tmp_path / "m", timedelta(hours=1), requested=wish) == wish


def test_a_damaged_memory_is_forgotten(tmp_path: Path) -> None:
    memory = tmp_path / "m"
    memory.write_text('{"now": 7}')
    assert moment(memory, SYSTEM, None, FIRST, "same") == FIRST
