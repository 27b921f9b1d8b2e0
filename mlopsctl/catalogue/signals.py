"""Which series to read for what an engine does: traffic, errors, latency, drift, runs, freshness.

In: an engine, its version, the kind and names of its objects. Out: neutral series (a metric and matchers);
None where the engine cannot observe it. Never writes PromQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from mlopsctl.catalogue.exporters import own
from mlopsctl.catalogue.metrics import metrics, own_name

Op = Literal["=", "!=", "=~", "!~"]
Names = str | tuple[str, ...]
Matcher = tuple[str, Op, str]
Outcome = Literal["finished", "succeeded", "failed"]


class Series(NamedTuple):
    """A metric and the matchers that pick its series, each (label, operator, value)."""

    metric: str
    matchers: tuple[Matcher, ...] = ()


class Histogram(Struct, frozen=True):
    """A latency histogram: its buckets, its count, and the bounds a threshold may name, in seconds."""

    bucket: Series
    count: Series
    bounds: tuple[Decimal, ...]


class Share(NamedTuple):
    """Two counters; the growth of `part` over that of `whole` is the share."""

    part: Series
    whole: Series


class _Signal(NamedTuple):
    """How one kind of object reports: its metrics, the labels that carry its name and that of a part."""

    label: str
    part_label: str = ""
    requests: str = ""
    failures: str = ""
    error_codes: str = ""
    latency: str = ""


_GRPC_ERRORS: Final = "Internal|Unknown|Unavailable|DeadlineExceeded|ResourceExhausted|DataLoss|Unimplemented"
_ANY_ERROR: Final = f"5..|{_GRPC_ERRORS}"
_MLSERVER: Final = _Signal(
    "model", requests="model_infer_request_duration_count", failures="model_infer_request_failure_total"
)
_SIGNALS: Final[Mapping[tuple[str, str], _Signal]] = MappingProxyType(
    {
        ("seldon-2", "pipeline"): _Signal(
            "pipeline",
            requests="seldon_pipeline_infer_total",
            # The gateway reports no other failures than these.
            error_codes="5..|Internal|Unknown|FailedPrecondition",
            latency="seldon_pipeline_infer_api_seconds",
        ),
        ("seldon-2", "model"): _Signal("model", requests="seldon_model_infer_total", error_codes=_ANY_ERROR),
        ("seldon-1", "deployment"): _Signal(
            "deployment_name",
            "predictor_name",
            requests="seldon_api_executor_server_requests_seconds_count",
            error_codes=_ANY_ERROR,
            latency="seldon_api_executor_server_requests_seconds",
        ),
        ("kserve", "service"): _Signal(
            "model_name", requests="request_predict_seconds_count", latency="request_predict_seconds"
        ),
        # An InferenceService whose runtime is kserve-mlserver reports as MLServer does.
        ("kserve", "model"): _MLSERVER,
        ("mlserver", "model"): _MLSERVER,
    }
)

_RUNS_ON_KFP: Final = frozenset({"kfp", "kale"})
"""Kale compiles for KFP, and begins the name of each run with the pipeline's."""
_PHASES: Final[Mapping[Outcome, Matcher]] = MappingProxyType(
    {
        "finished": ("phase", "=~", "Succeeded|Failed|Error"),
        "succeeded": ("phase", "=", "Succeeded"),
        "failed": ("phase", "=~", "Failed|Error"),
    }
)


def kinds(engine: str, version: str) -> tuple[str, ...]:
    """List the kinds of objects whose requests the engine counts."""
    return tuple(kind for of, kind in _SIGNALS if of == _key(engine, version))


def request_series(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Series | None:
    """Count the requests that objects of a kind answered, failed ones included; a counter.

    `part` narrows to parts of the object: predictors of a Seldon 1 deployment, so that a shadow stays out.
    """
    signal = _SIGNALS.get((_key(engine, version), kind))
    return Series(signal.requests, _named(signal, name, part)) if signal else None


def error_series(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Series | None:
    """Count the requests that failed on the server's side; a counter. None: the engine tells nobody."""
    signal = _SIGNALS.get((_key(engine, version), kind))
    if signal is None or not (signal.failures or signal.error_codes):
        return None
    named = _named(signal, name, part)
    if signal.failures:
        return Series(signal.failures, named)
    return Series(signal.requests, (*named, ("code", "=~", signal.error_codes)))


def part_label(engine: str, version: str, kind: str) -> str:
    """Name the label that tells the parts of one object apart; empty where the engine reports none."""
    signal = _SIGNALS.get((_key(engine, version), kind))
    return signal.part_label if signal else ""


def latency_histogram(engine: str, version: str, kind: str, name: Names, part: Names = ()) -> Histogram | None:
    """Find the histogram of seconds a request took. None: no series tells it for one such object."""
    signal = _SIGNALS.get((_key(engine, version), kind))
    if signal is None or not signal.latency:
        return None
    matchers = _named(signal, name, part)
    return Histogram(
        Series(f"{signal.latency}_bucket", matchers),
        Series(f"{signal.latency}_count", matchers),
        metrics(engine, version)[signal.latency].buckets,
    )


def detector_series(engine: str, version: str, detector: Names) -> Share | None:
    """Find the flags of a served drift detector: batches that drifted, of all batches.

    Under Seldon 2 the inference server sees a model as `<name>_<n>`.
    """
    if _key(engine, version) not in {"seldon-2", "mlserver", "kserve"}:
        return None
    suffix = "_[0-9]+" if engine == "seldon" else ""
    matchers = (_numbered("model_name", detector, suffix),)
    return Share(Series("seldon_model_drift_sum", matchers), Series("seldon_model_drift_count", matchers))


def run_series(
    engine: str, name: Names, outcome: Outcome, namespace: str = "", owner: tuple[str, str] | None = None
) -> Series | None:
    """Count a pipeline's runs by outcome.

    argo-workflows: with an owner (system, environment) the counter that rendered runs leave behind themselves, since
    the controller's own knows a template's name alone, which two environments of one cluster may share. kfp and kale: a
    gauge that falls when runs are deleted, by display names that begin with the pipeline's; it cannot tell all finished
    runs. polyaxon tells Prometheus of no run.
    """
    if engine == "argo-workflows":
        phase = _PHASES[outcome]
        if owner:
            whose: tuple[Matcher, ...] = (("system", "=", owner[0]), ("environment", "=", owner[1]))
            status: Matcher = ("status", phase[1], phase[2])
            return Series(own_name(own.RUNS, engine), (*whose, matching("pipeline", name), status))
        return Series("argo_workflows_workflowtemplate_triggered_total", (matching("name", name), phase))
    if engine in _RUNS_ON_KFP and outcome != "finished":
        metric = "success" if outcome == "succeeded" else "failed"
        profile: tuple[Matcher, ...] = (("profile", "=", namespace),) if namespace else ()
        return Series(f"resource_manager_workflow_runs_{metric}", (*profile, _numbered("workflow", name, "(-.+)?")))
    return None


def counts_fall(engine: str) -> bool:
    """Tell whether the count of an engine's runs falls when runs are deleted."""
    return engine in _RUNS_ON_KFP


def freshness_series(engine: str, project: str, view: Names) -> Series | None:
    """Find the seconds since a view was last materialised; absent until the first time."""
    if engine != "feast":
        return None
    return Series("feast_feature_freshness_seconds", (("project", "=", project), matching("feature_view", view)))


def matching(label: str, name: Names) -> Matcher:
    """Match one name exactly, or several by a pattern in which each is escaped."""
    if isinstance(name, str):
        return (label, "=", name)
    if len(name) == 1:
        return (label, "=", name[0])
    return (label, "=~", "|".join(map(escape, name)))


def escape(text: str) -> str:
    """Escape text for RE2, so that it matches nothing but itself."""
    return "".join(rf"\{char}" if char in r"\.+*?()|[]{}^$" else char for char in text)


def _named(signal: _Signal, name: Names, part: Names) -> tuple[Matcher, ...]:
    named = (matching(signal.label, name),)
    return (*named, matching(signal.part_label, part)) if part and signal.part_label else named


def _numbered(label: str, name: Names, suffix: str) -> Matcher:
    if not suffix:
        return matching(label, name)
    names = (name,) if isinstance(name, str) else name
    return (label, "=~", "|".join(escape(each) + suffix for each in names))


def _key(engine: str, version: str) -> str:
    return f"{engine}-{version.partition('.')[0]}" if engine == "seldon" else engine
