"""The point-in-time join through `build-dataset`, against SQL of the test's own that SQLite runs over the same rows.

SQLite's answer is a correlated subquery: of a key's rows from `ttl` before the label's moment up to it, the newest;
of two of one moment the one written last, then the last one. No code is shared with the product.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from e2e.system import NOW, System, make

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
TTL = {"by_thing": timedelta(days=2), "by_shop": timedelta(hours=6)}
MICROSECOND = timedelta(microseconds=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
MANY, FEW = 50_000, 5
FEATURES = {"by_thing": ("x_y", "n"), "by_shop": ("z",)}
SPEC = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: joined, owner: team-growth}
spec:
  data:
    sources:
      things:
        type: parquet
        path: data/things.parquet
        eventTime: ts
        createdTime: written
        columns: {id: {type: string}, x_y: {type: float64}, n: {type: int64}}
      shops:
        type: parquet
        path: data/shops
        eventTime: ts
        columns: {shop: {type: int64}, z: {type: float64}}
      rows:
        type: parquet
        path: data/rows.parquet
        eventTime: ts
        columns: {id: {type: string}, shop: {type: int64}, y: {type: bool}}
    labels: {bought: {source: rows, column: y}}
  features:
    entities: {thing: {key: id, type: string}, place: {key: shop, type: int64}}
    views:
      by_thing: {entity: thing, source: things, ttl: 2d, materialize: {every: 1h}, fields: [x_y, n]}
      by_shop: {entity: place, source: shops, ttl: 6h, materialize: {every: 1h}, fields: [z]}
    sets: {inputs: {fields: [by_thing.x_y, by_thing.n, by_shop.z]}}
  model:
    task: binary-classification
    flavor: sklearn
    features: inputs
    label: bought
    code: {image: ghcr.io/acme/churn:0.3, entrypoint: "churn.train:train"}
    seed: 7
    split: {by: time, holdout: 2d}
    registry: {name: joined, experiment: joined}
  checks: {gates: {roc_auc: {min: 0.1}}}
"""


def moments(rng: Any, count: int) -> list[datetime]:
    """Return moments of few different hours, some a microsecond off, so that ties and edges are common."""
    hours, off = rng.integers(0, 24 * 20, count), rng.integers(-1, 2, count)
    return [START + timedelta(days=3, hours=int(h)) + int(o) * MICROSECOND for h, o in zip(hours, off, strict=True)]


def label_rows(rng: Any) -> list[tuple[Any, ...]]:
    """Return rows each of which is once: keys that are known, unknown and null; two shops at one moment."""
    things = [*(f"t{i}" for i in range(40)), "never", "only-stale", "only-future", None]
    rows = {}
    for at in moments(rng, MANY * 2):
        row = (things[int(rng.integers(len(things)))], int(rng.integers(0, 14)), at)
        rows[row] = (*row, bool(rng.integers(2)))
        if len(rows) == MANY:
            break
    return list(rows.values())


def things(rng: Any, labels: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return versions of rows, most at the very edges of some label's window."""
    rows: list[tuple[Any, ...]] = []
    edges = (timedelta(), MICROSECOND, -MICROSECOND, TTL["by_thing"], TTL["by_thing"] + MICROSECOND)
    for place in rng.choice(len(labels), 6_000):
        key, _, at, _ = labels[int(place)]
        moment = None if rng.random() < 0.02 else at - edges[int(rng.integers(len(edges)))]
        for _ in range(int(rng.integers(1, 4))):
            later = timedelta(hours=int(rng.integers(0, 3)))
            written = None if moment is None or rng.random() < 0.2 else moment + later
            if key not in ("never", "only-stale", "only-future"):
                rows.append((key, moment, written, *values(rng)))
    rows += [("only-stale", START - timedelta(days=1), None, *values(rng)) for _ in range(3)]
    rows += [("only-future", NOW + timedelta(days=9), None, *values(rng)) for _ in range(3)]
    return rows


def values(rng: Any) -> tuple[float | None, int | None]:
    number = None if rng.random() < 0.1 else float(rng.integers(0, 1_000_000))
    return number, None if rng.random() < 0.1 else int(rng.integers(0, 1_000_000))


def shops(rng: Any) -> list[tuple[Any, ...]]:
    """Return rows without a created time, duplicates of key and moment among them, null keys, null moments."""
    rows = []
    for at in moments(rng, 4_000):
        key = None if rng.random() < 0.02 else int(rng.integers(2, 14))
        rows.append((key, None if rng.random() < 0.02 else at, None, float(rng.integers(0, 1_000_000))))
    return rows


@pytest.fixture(scope="module")
def rows() -> dict[str, list[tuple[Any, ...]]]:
    import numpy as np

    rng = np.random.default_rng(11)
    labels = label_rows(rng)
    return {"rows": labels, "things": things(rng, labels), "shops": shops(rng)}


@pytest.fixture(scope="module")
def answers(rows: dict[str, list[tuple[Any, ...]]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Answer every label by SQL: keyed by what a label's row is known by."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE asked (id TEXT, shop INTEGER, ts INTEGER)")
    base.execute("CREATE TABLE by_thing (key TEXT, ts INTEGER, written INTEGER, x_y REAL, n INTEGER)")
    base.execute("CREATE TABLE by_shop (key INTEGER, ts INTEGER, written INTEGER, z REAL)")
    base.executemany("INSERT INTO asked VALUES (?, ?, ?)", [(a, b, number(c)) for a, b, c, _ in rows["rows"]])
    for view, source in (("by_thing", "things"), ("by_shop", "shops")):
        given = [(key, number(at), number(written), *rest) for key, at, written, *rest in rows[source]]
        marks = ", ".join("?" * len(given[0]))
        base.executemany(f"INSERT INTO {view} VALUES ({marks})", given)  # noqa: S608 - the test's own names
        base.execute(f"CREATE INDEX of_{view} ON {view} (key, ts)")
    columns = [pick(view, name) for view, names in FEATURES.items() for name in names]
    listed = ", ".join(columns)
    query = f"SELECT id, shop, ts, {listed} FROM asked WHERE id IS NOT NULL"  # noqa: S608 - the test's own names
    return {(a, b, c): tuple(cells) for a, b, c, *cells in base.execute(query)}


def pick(view: str, name: str) -> str:
    key, ttl = ("id" if view == "by_thing" else "shop"), TTL[view] // MICROSECOND
    return (
        f"(SELECT {name} FROM {view} AS f"  # noqa: S608 - the test's own names
        f" WHERE f.key = asked.{key} AND f.ts BETWEEN asked.ts - {ttl} AND asked.ts"
        " ORDER BY f.ts DESC, f.written IS NULL, f.written DESC, f.rowid DESC LIMIT 1)"
    )


def number(at: datetime | None) -> int | None:
    return None if at is None else (at - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND


def write(folder: Path, rows: dict[str, list[tuple[Any, ...]]], count: int) -> None:
    """Write times without a zone, with one that is not UTC, in nanoseconds; one source as a folder of files."""
    import pandas as pd

    labels = pd.DataFrame(rows["rows"][:count], columns=["id", "shop", "ts", "y"])
    labels.to_parquet(folder / "data" / "rows.parquet")
    frame = pd.DataFrame(rows["things"], columns=["id", "ts", "written", "x_y", "n"]).astype({"n": "Int64"})
    frame["ts"] = pd.to_datetime(frame["ts"], utc=True).dt.tz_convert("Asia/Kathmandu").astype("datetime64[ns, UTC]")
    frame["written"] = pd.to_datetime(frame["written"], utc=True).dt.tz_localize(None)
    frame["id"] = frame["id"].astype("category")
    frame.to_parquet(folder / "data" / "things.parquet")
    (folder / "data" / "shops").mkdir(exist_ok=True)
    parts = pd.DataFrame(rows["shops"], columns=["shop", "ts", "_", "z"]).drop(columns="_")
    parts["ts"] = pd.to_datetime(parts["ts"], utc=True).dt.tz_localize(None)
    parts["shop"] = parts["shop"].astype("Float64")  # as pandas keeps whole numbers some of which are missing
    for place, part in enumerate((parts[:1_500], parts[1_500:])):
        part.to_parquet(folder / "data" / "shops" / f"part-{place}.parquet")


def built(folder: Path, rows: dict[str, list[tuple[Any, ...]]], count: int) -> Any:
    """Build the data set of the first rows, in a process of its own."""
    import pandas as pd

    system = System(folder, make(folder, SPEC).blueprint)
    write(folder, rows, count)
    ran = system.step("build-dataset")
    assert ran.code == 0, ran.text
    return pd.read_parquet(ran.outputs["dataset"] / "rows.parquet")


@pytest.mark.parametrize("count", [FEW, MANY])
def test_every_label_gets_the_rows_that_sql_gives_it_whatever_their_number(
    tmp_path: Path,
    rows: dict[str, list[tuple[Any, ...]]],
    answers: dict[tuple[Any, ...], tuple[Any, ...]],
    count: int,
) -> None:
    frame = built(tmp_path, rows, count)
    expected = [(a, b, number(c)) for a, b, c, _ in rows["rows"][:count] if a is not None]
    times = frame["event_timestamp"].astype("int64")
    features = frame[["x_y", "n", "z"]].astype(object)
    features = features.where(features.notna(), None)
    known_by = zip(frame["id"], frame["shop"], times, strict=True)
    keyed = dict(zip(known_by, features.itertuples(index=False), strict=True))
    assert len(frame) == len(keyed) == len(expected)
    wrong = [(key, tuple(keyed[key]), answers[key]) for key in expected if tuple(keyed[key]) != answers[key]]
    assert not wrong, (len(wrong), wrong[:3])
    if count == MANY:
        for place in range(3):
            filled = [answers[key][place] is not None for key in expected]
            assert 0.02 < sum(filled) / len(filled) < 0.98, "the oracle must have both answers"
