"""Rows that land late, corrections, emptied stores, and what `materialize` then says of the online store.

The oracle is a dict of the test's own: of the rows that landed so far, each key's newest, of these the last written.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from e2e.calls import call_of
from e2e.system import System, make

from mlopsctl.engines.feast.backend import materialization
from mlopsctl.engines.feast.backend.project import opened
from mlopsctl.runtime.steps import materialize

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
DAWN = datetime(2026, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPEC = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: late, owner: team-growth}
spec:
  data:
    sources:
      facts:
        type: parquet
        path: data/facts.parquet
        eventTime: ts
        createdTime: written
        lateness: 3h
        columns: {id: {type: string}, x: {type: float64}}
  features:
    entities: {thing: {key: id, type: string}}
    views: {v: {entity: thing, source: facts, ttl: 2d, materialize: {every: 1h}, fields: [x]}}
    sets: {inputs: {fields: [v.x]}}
"""


class Fact(NamedTuple):
    """A row, and when it lands in the file."""

    key: str | None
    time: datetime
    written: datetime
    value: float
    lands: datetime


class Late:
    """A system whose file grows with the clock."""

    def __init__(self, folder: Path, spec: str = SPEC) -> None:
        self.system: System = make(folder, spec)
        self.folder, self.facts, self.said = folder, list[Fact](), list[str]()

    def land(self, key: str | None, time: datetime, value: float, lands: datetime) -> None:
        self.facts.append(Fact(key, time, lands, value, lands))

    def load(self, now: datetime, clock: datetime | None = None) -> str:
        """Load the view as of `now` from what has landed by the clock; return the gauge's value."""
        import pandas as pd

        there = [fact[:4] for fact in self.facts if fact.lands <= (clock or now)]
        frame = pd.DataFrame(there, columns=["id", "ts", "written", "x"])
        frame.astype(dict.fromkeys(("ts", "written"), "datetime64[us, UTC]")).to_parquet(
            self.folder / "data" / "facts.parquet"
        )
        self.said.clear()
        call = call_of(self.folder, "materialize", self.said)
        gauge = self.folder / "gauge"
        materialize.run(replace(call, now=now, outputs={"timestamp-v": gauge}))
        return gauge.read_text()

    def online(self) -> dict[str, float | None]:
        """Look every key up."""
        keys = sorted({fact.key for fact in self.facts if fact.key is not None})
        store = opened(call_of(self.folder, "materialize"))
        answer = store.get_online_features(features=["v:x"], entity_rows=[{"id": key} for key in keys]).to_dict()
        return {key: value for key, value in zip(answer["id"], answer["x"], strict=True) if value is not None}

    def expected(self, now: datetime) -> dict[str, Fact]:
        newest: dict[str, Fact] = {}
        for fact in sorted(self.facts, key=lambda fact: (fact.time, fact.written)):
            if fact.key is not None and fact.lands <= now and fact.time <= now:
                newest[fact.key] = fact
        return newest

    def agrees(self, now: datetime, gauge: str) -> None:
        expected = self.expected(now)
        assert self.online() == {key: fact.value for key, fact in expected.items()}
        assert gauge == f"{max(fact.time for fact in expected.values()).timestamp():.0f}"

    def empty(self) -> None:
        """Flush the online store, as a cache that restarts is."""
        with sqlite3.connect(self.folder / "data" / "online.db") as base:
            (table,) = (name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
            base.execute(f"DELETE FROM {table}")  # noqa: S608 - Feast's own name


@pytest.fixture
def late(tmp_path: Path) -> Late:
    return Late(tmp_path)


def test_every_hour_the_online_store_holds_what_has_landed_and_the_gauge_says_so(late: Late) -> None:
    """Rows land up to three hours late, some are corrected in that time, some lack a key."""
    import numpy as np

    rng = np.random.default_rng(5)
    late.land("steady", DAWN, 0.5, DAWN)
    for place in range(80):
        time = DAWN + timedelta(minutes=int(rng.integers(1, 8 * 60)))
        key = None if rng.random() < 0.05 else f"k{int(rng.integers(25))}"
        for version in range(int(rng.integers(1, 3))):
            late.land(key, time, float(place * 10 + version), time + timedelta(minutes=int(rng.integers(0, 120))))
    assert any(fact.key is None for fact in late.facts)
    for hours in range(1, 12):
        now = DAWN + hours * HOUR
        gauge = late.load(now)
        late.agrees(now, gauge)
        assert "the online store lacks" not in "".join(late.said), "rows in time need no full load"
    assert "rows of view `v` have no key and are dropped" in "".join(late.said)


def test_a_row_that_is_stamped_midnight_and_lands_after_the_run_of_two_is_online_at_three(late: Late) -> None:
    late.land("other", DAWN, 1.0, DAWN)
    late.land("late", DAWN, 2.0, DAWN + 2.5 * HOUR)
    for hours in (1, 2, 3):
        gauge = late.load(DAWN + hours * HOUR)
    late.agrees(DAWN + 3 * HOUR, gauge)


def test_a_row_that_is_later_than_its_source_says_is_noticed_and_everything_is_loaded(late: Late) -> None:
    late.land("other", DAWN, 1.0, DAWN)
    late.land("later", DAWN, 2.0, DAWN + 10 * HOUR)
    for hours in (1, 9, 11):
        gauge = late.load(DAWN + hours * HOUR)
    late.agrees(DAWN + 11 * HOUR, gauge)
    assert "the online store lacks 1 of 2 sampled rows" in "".join(late.said)


def test_an_online_store_that_was_emptied_is_loaded_again_in_full(late: Late) -> None:
    for place in range(5):
        late.land(f"k{place}", DAWN + place * HOUR, float(place), DAWN + place * HOUR)
    late.load(DAWN + 20 * HOUR)
    late.empty()
    assert late.online() == {}
    gauge = late.load(DAWN + 21 * HOUR)
    late.agrees(DAWN + 21 * HOUR, gauge)
    assert "the online store lacks 5 of 5 sampled rows" in "".join(late.said)


def test_a_run_for_a_moment_far_ahead_hides_no_row_that_lands_after_it(late: Late) -> None:
    late.land("old", DAWN, 1.0, DAWN)
    late.land("new", DAWN + 30 * HOUR, 2.0, DAWN + 30 * HOUR)
    late.load(DAWN + HOUR)
    late.load(DAWN + timedelta(days=365), clock=DAWN + HOUR)
    late.load(datetime(2300, 1, 1, tzinfo=UTC), clock=DAWN + HOUR)
    gauge = late.load(DAWN + 31 * HOUR)
    late.agrees(DAWN + 31 * HOUR, gauge)


def test_a_view_of_the_gauge_is_as_old_as_the_store_that_lacks_its_newest_rows(
    late: Late, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that takes no row in any more makes the gauge stand still, so the alert can fire."""
    late.land("old", DAWN, 1.0, DAWN)
    late.land("new", DAWN + 2 * HOUR, 2.0, DAWN + 2 * HOUR)
    late.load(DAWN + HOUR)
    monkeypatch.setattr(materialization, "write", lambda *_: None)
    assert late.load(DAWN + 3 * HOUR) == f"{DAWN.timestamp():.0f}"
