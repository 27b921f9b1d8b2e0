"""Numbers for Prometheus: the gauges of a step as a text file, or pushed to a gateway.

In: a step's output parameters and the Blueprint's gauges. Out: the text format, under the gauges' plain names. Argo
exports the same numbers itself, from the parameters; this is for every other engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from mlopsctl.blueprint.model import Gauge
from mlopsctl.runtime.artifacts import made
from mlopsctl.runtime.call import Call

NOTHING = "NaN"
"""What a parameter says where there is nothing to report."""
PUSHGATEWAY = "MLOPSCTL_PUSHGATEWAY"


def publish(call: Call, parameters: Mapping[str, str]) -> None:
    """Write and push the numbers that the step left behind."""
    text = exposition(_gauges(call), parameters)
    if not text:
        return
    if call.metrics:
        with made(call.metrics) as file:
            file.write_text(text)
    gateway = call.environ.get(PUSHGATEWAY)
    if gateway:
        _push(call, gateway, text)


def exposition(gauges: Iterable[Gauge], parameters: Mapping[str, str]) -> str:
    """Write gauges in Prometheus' text format; those with nothing to report are left out."""
    lines: list[str] = []
    told: set[str] = set()
    for gauge in gauges:
        value = parameters.get(gauge.parameter, NOTHING)
        if value == NOTHING:
            continue
        if gauge.metric not in told:
            told.add(gauge.metric)
            lines += [f"# HELP {gauge.metric} {_escaped(gauge.help, quotes=False)}", f"# TYPE {gauge.metric} gauge"]
        labels = ",".join(f'{name}="{_escaped(text)}"' for name, text in gauge.labels)
        lines.append(f"{gauge.metric}{{{labels}}} {value}")
    return "".join(f"{line}\n" for line in lines)


def _gauges(call: Call) -> list[Gauge]:
    """List the gauges of the step, each once: several pipelines may have the same step."""
    found = [
        gauge
        for pipeline in call.blueprint.pipelines
        for step in pipeline.steps
        if step.verb == call.step
        for gauge in step.gauges
    ]
    return [gauge for i, gauge in enumerate(found) if gauge not in found[:i]]


def _escaped(text: str, *, quotes: bool = True) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _push(call: Call, gateway: str, text: str) -> None:
    """Replace the group of this step; a gateway that does not answer must not fail the step."""
    identity = call.blueprint.identity
    group = {"job": f"mlopsctl-{call.step}", "system": identity.system, "environment": identity.environment}
    path = "/".join(f"{name}/{quote(value, safe='')}" for name, value in group.items())
    base = gateway if "://" in gateway else f"http://{gateway}"
    request = Request(f"{base.rstrip('/')}/metrics/{path}", text.encode(), method="PUT")  # noqa: S310 - the operator's own address
    try:
        with urlopen(request, timeout=10):  # noqa: S310 - as above
            call.log.say("the numbers are pushed to the gateway")
    except (URLError, OSError, HTTPException) as error:
        call.log.warn(f"the push gateway did not take the numbers: {error}")
