"""Export the gauges of a step to Prometheus: as a text file, or to a push gateway.

Argo exports them itself, from the output parameters; this module is for all other engines.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

from mlopsctl.blueprint.model.pipelines import Gauge
from mlopsctl.runtime.data.artifacts import written_whole
from mlopsctl.runtime.step_context import StepContext

NOTHING = "NaN"
"""The value of a parameter if there is nothing to report."""
PUSHGATEWAY = "MLOPSCTL_PUSHGATEWAY"

Labels = tuple[tuple[str, str], ...]
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def publish(step_context: StepContext, parameters: Mapping[str, str]) -> None:
    """Write and push the step's metrics."""
    text = exposition(_gauges(step_context), parameters)
    if not text:
        return
    if step_context.metrics:
        with written_whole(step_context.metrics) as file:
            file.write_text(text)
    gateway = step_context.environ.get(PUSHGATEWAY)
    if gateway:
        _push(step_context, gateway, parameters)


def exposition(gauges: Iterable[Gauge], parameters: Mapping[str, str]) -> str:
    """Write gauges in Prometheus' text format; those with nothing to report are left out."""
    lines: list[str] = []
    declared: set[str] = set()
    for gauge in gauges:
        value = parameters.get(gauge.parameter, NOTHING)
        if value == NOTHING:
            continue
        if gauge.metric not in declared:
            declared.add(gauge.metric)
            lines += [f"# HELP {gauge.metric} {_escaped(gauge.help, quotes=False)}", f"# TYPE {gauge.metric} gauge"]
        labels = ",".join(f'{name}="{_escaped(text)}"' for name, text in gauge.labels)
        lines.append(f"{gauge.metric}{{{labels}}} {value}")
    return "".join(f"{line}\n" for line in lines)


def _gauges(step_context: StepContext) -> list[Gauge]:
    """List the gauges of the step, each once: several pipelines may have the same step."""
    gauges = [
        gauge
        for pipeline in step_context.blueprint.pipelines
        for step in pipeline.steps
        if step.verb == step_context.step
        for gauge in step.gauges
    ]
    return [gauge for i, gauge in enumerate(gauges) if gauge not in gauges[:i]]


def _escaped(text: str, *, quotes: bool = True) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _push(step_context: StepContext, gateway: str, parameters: Mapping[str, str]) -> None:
    """Push the computed metrics, each in its own group; without a gateway the step continues."""
    base = gateway if "://" in gateway else f"http://{gateway}"
    try:
        for labels, gauges in _groups(_gauges(step_context)).items():
            text = exposition(gauges, parameters)
            if text:
                _send(f"{base.rstrip('/')}/metrics/{_key(step_context, labels)}", text)
    except (URLError, OSError, HTTPException) as error:
        step_context.log.warn(f"the push gateway rejected the metrics: {error}")
    else:
        step_context.log.say("the metrics are pushed to the gateway")


def _groups(gauges: Iterable[Gauge]) -> dict[Labels, list[Gauge]]:
    """Group gauges with the same labels.

    A push replaces all metrics of a group in the gateway. A run that computes only some views or columns
    must keep the last values of the others, so each set of labels is a group.
    """
    groups: dict[Labels, list[Gauge]] = {}
    for gauge in gauges:
        groups.setdefault(gauge.labels, []).append(gauge)
    return groups


def _key(step_context: StepContext, labels: Labels) -> str:
    """Return a group's path in the gateway: its labels as path segments."""
    return "/".join(_part(name, text) for name, text in (("job", f"mlopsctl-{step_context.step}"), *labels))


def _part(name: str, text: str) -> str:
    """Encode one label; values with a slash and empty values are base64 for the gateway."""
    if _PLAIN.fullmatch(text):
        return f"{name}/{text}"
    return f"{name}@base64/{urlsafe_b64encode(text.encode()).decode() or '='}"


def _send(address: str, text: str) -> None:
    request = Request(address, text.encode(), method="PUT")  # noqa: S310 - the operator's own address
    with urlopen(request, timeout=10):  # noqa: S310 - as above
        pass
