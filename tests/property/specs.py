"""Valid specs by the thousand: every drawn value keeps the promises that the rules ask for."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NUMBERS = ("int64", "float64", "int32", "float32")
TYPES = (*NUMBERS, "string", "bool")
INTERVALS = ("5m", "15m", "30m", "1h", "2h", "6h", "12h", "1d")
SECONDS = {"5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "2h": 7200, "6h": 21600, "12h": 43200, "1d": 86400}
WORDS = st.sampled_from(["activity", "stats", "usage", "orders", "visits", "clicks", "trips", "calls"])
# Free text may hold anything that a person could type and that no other program evaluates.
TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="{}[]$%#`"), max_size=40
)


@st.composite
def sources(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A file source with a key and a few columns."""
    columns = {"key_id": {"type": "string", "nullable": False}}
    for i in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(TYPES))
        column: dict[str, Any] = {"type": kind, "description": draw(TEXT)}
        if kind in NUMBERS and draw(st.booleans()):
            column |= {"min": draw(st.integers(-5, 0)), "max": draw(st.integers(1, 1000))}
        columns[f"c{number}_{i}"] = column
    return {
        "type": "parquet",
        "path": f"data/source{number}.parquet",
        "eventTime": "ts",
        "cadence": draw(st.sampled_from(INTERVALS)),
        "columns": columns,
        "push": draw(st.booleans()),
        "description": draw(TEXT),
    }


@st.composite
def views(draw: st.DrawFn, number: int, source: dict[str, Any]) -> dict[str, Any]:
    """A view that outlives its refresh."""
    every = draw(st.sampled_from(INTERVALS))
    least = SECONDS[every] + SECONDS[source["cadence"]]
    fields = [name for name in source["columns"] if name != "key_id"]
    listed: Any = fields if draw(st.booleans()) else {name: source["columns"][name]["type"] for name in fields}
    return {
        "entity": "thing",
        "source": f"source{number}",
        "ttl": f"{least + draw(st.integers(0, 86400))}s",
        "materialize": {"every": every},
        "fields": listed,
        "description": draw(TEXT),
    }


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Any]:
    """A whole system that no rule has a complaint about."""
    count = draw(st.integers(1, 3))
    drawn = {f"source{n}": draw(sources(n)) for n in range(count)}
    viewed = {f"view{n}_{draw(WORDS)}": draw(views(n, drawn[f"source{n}"])) for n in range(count)}
    rows = {"key_id": {"type": "string"}, "amount": {"type": "float64"}, "outcome": {"type": "bool"}}
    labelled = {"type": "parquet", "path": "data/labels.parquet", "eventTime": "ts", "columns": rows}
    request = {"amount": "float64"} if draw(st.booleans()) else {}
    spec: dict[str, Any] = {
        "data": {
            "sources": {**drawn, "labelled": labelled},
            "labels": {
                "outcome": {"source": "labelled", "column": "outcome", "delay": draw(st.sampled_from(["0s", "7d"]))}
            },
        },
        "features": {
            "entities": {"thing": {"key": "key_id", "type": "string"}},
            "views": viewed,
            "sets": {
                "inputs": {
                    "fields": [f"{v}.{f}" for v, view in viewed.items() for f in view["fields"]],
                    "request": request,
                }
            },
        },
        "model": draw(models(text=any(holds_text(source) for source in drawn.values()))),
        "checks": draw(checks()),
    }
    if draw(st.booleans()):
        spec["serving"] = {"endpoints": {"scorer": draw(endpoints())}}
    spec["alerts"] = draw(alerts("serving" in spec))
    metadata = {"name": "drawn", "owner": "team-a", "description": draw(TEXT)}
    return {"apiVersion": "mlopsctl.dev/v1alpha1", "kind": "MLSystem", "metadata": metadata, "spec": spec}


def holds_text(source: dict[str, Any]) -> bool:
    """Tell whether a source has a column of texts besides its key."""
    return any(column["type"] == "string" for name, column in source["columns"].items() if name != "key_id")


@st.composite
def models(draw: st.DrawFn, *, text: bool) -> dict[str, Any]:
    """A classifier, pinned; trees where no input is a text."""
    flavors = ["sklearn", "pytorch", "pyfunc"] if text else ["sklearn", "xgboost", "lightgbm", "pytorch", "pyfunc"]
    split = draw(st.sampled_from([{"by": "time", "holdout": "14d"}, {"by": "random", "holdout": "25%"}]))
    return {
        "task": "binary-classification",
        "flavor": draw(st.sampled_from(flavors)),
        "features": "inputs",
        "label": "outcome",
        "code": {"image": f"ghcr.io/acme/drawn@sha256:{'0' * 64}", "entrypoint": "drawn.train:train"},
        "params": draw(
            st.dictionaries(
                st.sampled_from(["a", "b", "c"]), st.integers(-(2**63), 2**63 - 1) | st.booleans() | TEXT, max_size=3
            )
        ),
        "split": split,
        "retrain": {"schedule": {"cron": "0 3 * * 1", "timezone": "Etc/UTC"}, "onChange": draw(st.booleans())},
        "registry": {"name": "drawn", "experiment": "drawn"},
    }


@st.composite
def checks(draw: st.DrawFn) -> dict[str, Any]:
    """A suite, a gate and a monitor."""
    return {
        "data": {"suite": "data_integrity"},
        "gates": {"roc_auc": {"min": draw(st.floats(0, 1).map(lambda x: round(x, 3)))}},
        "live": {"every": "1h", "window": "1d", "drift": {"numerical": {"method": "ks", "max": 0.2}}},
    }


@st.composite
def endpoints(draw: st.DrawFn) -> dict[str, Any]:
    """An endpoint of Seldon 2 that can do what it is asked."""
    low = draw(st.integers(1, 3))
    endpoint: dict[str, Any] = {"model": "champion", "features": "inputs", "replicas": {"min": low, "max": low + 2}}
    if draw(st.booleans()):
        endpoint["autoscale"] = {"metric": "rps", "target": draw(st.integers(1, 500))}
    return endpoint


@st.composite
def alerts(draw: st.DrawFn, served: bool) -> dict[str, Any]:
    """Alerts on what is there."""
    section: dict[str, Any] = {
        "freshness": {"severity": draw(st.sampled_from(["page", "ticket"]))},
        "drift": {"severity": "ticket"},
        "training": {"failed": "ticket", "overdue": "page"},
        "routes": {"page": "pagerduty/oncall", "ticket": "slack/team"},
        "rules": {
            "PodsRestart": {
                "expr": "increase(kube_pod_container_status_restarts_total[1h]) > 3",
                "severity": "ticket",
                "summary": draw(TEXT),
            }
        },
    }
    if served:
        objective = draw(st.sampled_from(["99%", "99.5%", "99.9%", "99.99%"]))
        window = draw(st.sampled_from(["7d", "28d", "30d"]))
        section["slos"] = {"availability": {"endpoint": "scorer", "objective": objective, "window": window}}
    return section


def lock() -> dict[str, Any]:
    """A lock that serves version 7."""
    model = {"version": "7", "uri": "s3://models/drawn/7"}
    environment_lock = {"models": {"drawn@champion": model}}
    return {
        "apiVersion": "mlopsctl.dev/v1alpha1",
        "kind": "Lock",
        "metadata": {"name": "drawn"},
        "environments": {"local": environment_lock},
    }
