"""PromQL expressions of the user: metrics and labels that the rendered stack exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mlopsctl.catalogue.metric import Metric
from mlopsctl.diagnostics.codes import alerts as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.engines import metrics
from mlopsctl.resolve.model import System
from mlopsctl.rules.finding import Path, at
from mlopsctl.spec import alerts

_STAGES = ("features", "pipelines", "registry", "serving", "monitoring", "dashboards", "delivery", "secrets")
_CHILDREN = ("lhs", "rhs", "expr", "vector_selector", "param")
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count")}


def expressions(system: System) -> Iterator[Diagnostic]:
    """Require that every selector names an exported metric and labels of that metric."""
    section = system.spec.alerts
    if section is None or not section.rules:
        return
    if not all(map(system.knows_engine, _STAGES)):
        return
    exported = _exported(system, section)
    for name, rule in section.rules.items():
        path: Path = ("spec", "alerts", "rules", name, "expr")
        for metric, labels in selectors(rule.expr):
            if metric not in exported:
                if system.origin.unreadable("spec", "alerts", "metrics", metric):
                    continue
                yield _unknown(system, path, metric, exported)
                continue
            for label in labels:
                if not metrics.carries(exported[metric], label):
                    have = ", ".join(exported[metric].labels) or "none"
                    message = f"`{metric}` has no label `{label}`"
                    yield at(system, codes.UNKNOWN_LABEL, path, message, help=f"its labels: {have}")


def _exported(system: System, section: alerts.Alerts) -> Mapping[str, Metric]:
    """Return the metrics that the environment's stack exports, and those that the spec declares for the user's code."""
    chosen = [getattr(system.engines, stage) for stage in _STAGES]
    stack = tuple((engine.engine, str(getattr(engine, "version", ""))) for engine in chosen if engine)
    own = {
        f"{name}{suffix}": Metric(name, metric.type, (*metric.labels, "le", "quantile"))
        for name, metric in section.metrics.items()
        for suffix in _SUFFIXES.get(metric.type, ("",))
    }
    return {**metrics.exported(stack), **own}


def _unknown(system: System, path: Path, metric: str, exported: Mapping[str, Metric]) -> Diagnostic:
    """Report an unknown metric: an error if it resembles a known one, else a warning: user code may export it."""
    near = closest(metric, exported)
    if near:
        message = f"nothing exports `{metric}`"
        return at(system, codes.UNKNOWN_METRIC, path, message, help=f"did you mean `{near}`?", severity=Severity.ERROR)
    return at(
        system,
        codes.UNKNOWN_METRIC,
        path,
        f"nothing in the rendered stack exports `{metric}`",
        help=f"if your code exports it, declare it: alerts.metrics: {{{metric}: {{type: gauge}}}}",
    )


@lru_cache(maxsize=1024)
def selectors(expression: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each selector's metric and matched labels; selectors without a metric name are skipped."""
    import promql_parser

    return tuple(_walk(promql_parser.parse(expression)))


def _walk(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if type(node).__name__ == "VectorSelector":
        matchers = node.matchers.matchers
        metric = node.name or next(
            (m.value for m in matchers if m.name == "__name__" and str(m.op).endswith(".Equal")), None
        )
        if metric:
            yield metric, tuple(m.name for m in matchers if m.name != "__name__")
        return
    for child in _CHILDREN:
        below = getattr(node, child, None)
        if below is not None and not isinstance(below, (str, int, float)):
            yield from _walk(below)
    for argument in getattr(node, "args", None) or ():
        yield from _walk(argument)


RULES = (expressions,)
