"""The user's own expressions: over metrics and labels that the rendered stack exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mlopsctl.catalogue import metrics
from mlopsctl.catalogue.metric import Metric
from mlopsctl.diagnostics.codes import alerts as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.suggest import closest
from mlopsctl.resolve.model import System, alerts
from mlopsctl.rules.finding import Path, at

_STAGES = ("features", "pipelines", "registry", "serving", "monitoring", "dashboards", "delivery", "secrets")
_CHILDREN = ("lhs", "rhs", "expr", "vector_selector", "param")
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count")}


def expressions(system: System) -> Iterator[Diagnostic]:
    """Every selector must name a metric that exists, and labels it has."""
    section = system.spec.alerts
    if section is None or not section.rules:
        return
    if not all(map(system.knows_engine, _STAGES)):
        return
    known = _known(system, section)
    for name, rule in section.rules.items():
        path: Path = ("spec", "alerts", "rules", name, "expr")
        for metric, labels in selectors(rule.expr):
            if metric not in known:
                if system.origin.unreadable("spec", "alerts", "metrics", metric):
                    continue
                yield _unknown(system, path, metric, known)
                continue
            for label in labels:
                if not metrics.carries(known[metric], label):
                    have = ", ".join(known[metric].labels) or "none of its own"
                    message = f"`{metric}` has no label `{label}`"
                    yield at(system, codes.UNKNOWN_LABEL, path, message, help=f"its labels: {have}")


def _known(system: System, section: alerts.Alerts) -> Mapping[str, Metric]:
    """Return what the environment's stack exports, and what the spec says its own code does."""
    chosen = [getattr(system.engines, stage) for stage in _STAGES]
    stack = tuple((one.engine, str(getattr(one, "version", ""))) for one in chosen if one)
    own = {
        f"{name}{suffix}": Metric(name, one.type, (*one.labels, "le", "quantile"))
        for name, one in section.metrics.items()
        for suffix in _SUFFIXES.get(one.type, ("",))
    }
    return {**metrics.exported(stack), **own}


def _unknown(system: System, path: Path, metric: str, known: Mapping[str, Metric]) -> Diagnostic:
    """A near miss is a misspelling and an error; a name of its own may well be the user's own metric."""
    near = closest(metric, known)
    if near:
        message = f"nothing exports `{metric}`"
        return at(system, codes.UNKNOWN_METRIC, path, message, help=f"did you mean `{near}`?", severity=Severity.ERROR)
    return at(
        system,
        codes.UNKNOWN_METRIC,
        path,
        f"nothing in the rendered stack exports `{metric}`",
        help=f"if your code exports it, say so: alerts.metrics: {{{metric}: {{type: gauge}}}}",
    )


@lru_cache(maxsize=1024)
def selectors(expression: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each selector's metric and the labels it matches on; one without a plain name is passed over."""
    import promql_parser

    return tuple(_walk(promql_parser.parse(expression)))


def _walk(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if type(node).__name__ == "VectorSelector":
        matchers = node.matchers.matchers
        named = node.name or next(
            (m.value for m in matchers if m.name == "__name__" and str(m.op).endswith(".Equal")), None
        )
        if named:
            yield named, tuple(m.name for m in matchers if m.name != "__name__")
        return
    for child in _CHILDREN:
        below = getattr(node, child, None)
        if below is not None and not isinstance(below, (str, int, float)):
            yield from _walk(below)
    for argument in getattr(node, "args", None) or ():
        yield from _walk(argument)


RULES = (expressions,)
