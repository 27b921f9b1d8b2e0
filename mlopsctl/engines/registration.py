"""Check an engine's facts: each declared capability requires its tables.

`problems` runs for each plug-in engine before it is used; tests run it for every engine of this package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final

from mlopsctl.catalogue.capability import Capability
from mlopsctl.catalogue.stages import CI, STAGES
from mlopsctl.catalogue.versions import is_of
from mlopsctl.engines.base import ARGO_CD, IMMEDIATE, Facts, Pipelines, Serving, Traffic
from mlopsctl.engines.declared import REQUIREMENTS, can, module_exists

REQUIRED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "features": "sources.parquet sources.csv sources.bigquery sources.snowflake sources.redshift sources.postgres "
        "sources.spark sources.trino push on-demand lookup offline-only ttl-a-view services tags owner incremental "
        "freshness composite-keys sql-transforms two-sources online-ttl",
        "pipelines": "schedule schedule.timezone on-change on-drift mutex mutexes deadline step-timeout retries "
        "resources exit-handler gpu ttl archive gauges artifacts outputs conditional secrets run-counts run-failures "
        "restricted-pods",
        "registry": "aliases served versions tags signatures artifacts model-metrics stages",
        "checks": "checks data split model suites conditions drift",
        "serving": "canary canary.exact canary.autoscale canary.shift shadow shadow.percent autoscale.rps "
        "autoscale.cpu autoscale.memory autoscale.lag autoscale.concurrency scale-to-zero error-ratio online-features "
        "explainer drift-detector",
        "monitoring": "rules burn-rates recordings tests routes objects monitors",
        "dashboards": "",
        "delivery": "",
        "ci": "validate render compare comment reviewers",
        "secrets": "fetch",
    }
)
"""The capabilities that each engine of a stage must declare, with yes or with a reason."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_WORD: Final = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*(@[A-Za-z]+)?")


def problems(facts: Facts) -> tuple[str, ...]:
    """Return the problems of an engine's facts, each as a sentence without a full stop; empty if they are complete."""
    return tuple(_problems(facts))


def _problems(facts: Facts) -> Iterator[str]:
    if not _NAME.fullmatch(facts.name):
        yield f"`{facts.name}` is no name of an engine: use lower-case letters, digits and `-`"
    if facts.stage not in STAGES:
        yield f"there is no stage `{facts.stage}`; there are {', '.join(STAGES)}"
        return
    if facts.versions and not any(is_of(facts.default_version, line) for line in facts.versions):
        yield f"the default version `{facts.default_version}` is of none of the versions {', '.join(facts.versions)}"
    yield from _capabilities(facts)
    yield from _modules(facts)
    yield from _kinds(facts)
    if facts.stage == "serving":
        yield from _serving(facts)
    if facts.stage in REQUIREMENTS:
        yield from REQUIREMENTS[facts.stage](facts)
    if facts.stage == "pipelines":
        yield from _pipelines(facts, facts.pipelines or Pipelines())
    if facts.metrics and not facts.scrapes and facts.stage == "serving":
        yield "`metrics` are declared, and `scrapes` does not say what Prometheus must scrape to see them"
    if facts.stage == CI and not facts.place:
        yield "an engine of stage ci needs `place`, where its file lies in a repository"


def _capabilities(facts: Facts) -> Iterator[str]:
    for name in REQUIRED[facts.stage].split():
        if name not in facts.capabilities:
            yield f"`capabilities` does not answer for `{name}`: say yes, or why not"
    for name, answer in facts.capabilities.items():
        if not isinstance(answer, Capability) or not _WORD.fullmatch(name):
            yield f"`{name}` in `capabilities` is no capability with an answer"
        elif not answer and not answer.why:
            yield f"`capabilities` refuses `{name}` without a reason"


def _modules(facts: Facts) -> Iterator[str]:
    """Report modules in the facts that do not exist. Only their parent packages are imported."""
    if facts.package and not module_exists(f"{facts.package}.settings"):
        yield f"there is no module {facts.package}.settings, which has the settings of the engine"
    for exporter in facts.metrics:
        if not module_exists(exporter.module):
            yield f"there is no module {exporter.module}, which `metrics` names"
    for name in ("target", "limits") if facts.folder and facts.package else ():
        if not module_exists(f"{facts.package}.{name}"):
            yield f"there is no module {facts.package}.{name}, which an engine that renders must have"


def _kinds(facts: Facts) -> Iterator[str]:
    for (group, kind), kind_facts in facts.kinds.items():
        name = f"{kind} of {group or 'the core group'}"
        if not isinstance(kind_facts.wave, int):
            yield f"the kind {name} has no sync wave"
        if kind_facts.health not in (ARGO_CD, IMMEDIATE) and not _has_file(facts.package, kind_facts.health):
            yield f"the kind {name} has no health: `argocd`, `immediate` or a Lua file of the package"


def _pipelines(facts: Facts, pipelines: Pipelines) -> Iterator[str]:
    """Require the metrics of run counts, and the module with which a step starts a run."""
    exported = _exported(facts)
    metrics = pipelines.runs.metrics if pipelines.runs else {}
    for capability, outcome in (("run-counts", "finished"), ("run-failures", "failed")):
        if can(facts, capability) and outcome not in metrics:
            yield f"capability `{capability}` needs `pipelines.runs` with a metric of {outcome} runs"
    for outcome, metric in metrics.items():
        if (
            pipelines.runs
            and (pipelines.runs.status_label or pipelines.runs.own)
            and outcome not in pipelines.runs.statuses
        ):
            yield f"`pipelines.runs.statuses` has no value for {outcome} runs"
        if metric not in exported:
            yield f"`pipelines.runs` reads `{metric}`, which none of `metrics` exports"
    if can(facts, "on-drift") and not pipelines.starter:
        yield "capability `on-drift` needs `pipelines.starter`: the module with which a step starts a run"
    if pipelines.starter and not module_exists(pipelines.starter):
        yield f"there is no module {pipelines.starter}, which `pipelines.starter` names"


def _has_file(package: str, name: str) -> bool:
    return name.endswith(".lua") and resources.files(package).joinpath(name).is_file()


def _serving(facts: Facts) -> Iterator[str]:
    serving = facts.serving
    if serving is None:
        yield "an engine of stage serving needs `serving`: which servers answer, and their signals"
        return
    yield from _signals(facts, serving)
    if can(facts, "canary.shift"):
        yield from _traffic(serving.traffic)


def _traffic(traffic: Traffic | None) -> Iterator[str]:
    """Require the object, the right to patch it and the patch for traffic shifting."""
    if traffic is None:
        yield "capability `canary.shift` needs `serving.traffic`: the object that holds the shares of traffic"
        return
    for field, value in (("group", traffic.group), ("version", traffic.version), ("resource", traffic.resource)):
        if not value:
            yield f"capability `canary.shift` needs `serving.traffic.{field}`, which the right to patch it names"
    if not module_exists(traffic.edit.partition(":")[0]):
        yield f"there is no module {traffic.edit.partition(':')[0]}, which `serving.traffic.edit` names"
    if not traffic.owned:
        yield "capability `canary.shift` needs `serving.traffic.owned`: the fields that delivery must not set back"


def _signals(facts: Facts, serving: Serving) -> Iterator[str]:
    """Require capabilities for errors and latency of each served kind, their signals, and the signals' metrics."""
    exported = _exported(facts)
    packaged = serving.packaged.kind if serving.packaged else "service"
    served = dict.fromkeys((packaged, *(entry.kind for entry in serving.native.values())))
    if serving.lookup_kind:
        served[serving.lookup_kind] = None
    for kind in served:
        signal = serving.signals.get(kind)
        for name in (f"error-ratio.{kind}", f"latency.{kind}"):
            if name not in facts.capabilities and signal is None:
                yield f"`capabilities` does not answer for `{name}`: say yes, or why not"
        if can(facts, f"error-ratio.{kind}") and not (signal and (signal.failures or signal.error_codes)):
            yield f"capability `error-ratio.{kind}` needs a signal of kind `{kind}` that tells failures"
        if can(facts, f"latency.{kind}") and not (signal and signal.latency):
            yield f"capability `latency.{kind}` needs a signal of kind `{kind}` with a latency histogram"
    for kind, signal in serving.signals.items():
        for metric in filter(None, (signal.requests, signal.failures, signal.latency)):
            if metric not in exported:
                yield f"the signal of kind `{kind}` reads `{metric}`, which none of `metrics` exports"


def _exported(facts: Facts) -> frozenset[str]:
    from mlopsctl.engines.series import children, table

    metrics = [
        metric for exporter in facts.metrics if module_exists(exporter.module) for metric in table(exporter.module)
    ]
    return frozenset(
        name for metric in metrics for name in (metric.name, *(series.name for series in children(metric)))
    )
