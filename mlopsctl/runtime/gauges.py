"""Numbers for Prometheus: the gauges of a step as a text file, or pushed to a gateway.

In: a step's output parameters and the Blueprint's gauges. Out: the text format, under the gauges' plain names. Argo
exports the same numbers itself, from the parameters; this is for every other engine.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

from mlopsctl.blueprint.model import Gauge
from mlopsctl.runtime.artifacts import made
from mlopsctl.runtime.call import Call

NOTHING = "NaN"
"""What a parameter says where there is nothing to report."""
PUSHGATEWAY = "MLOPSCTL_PUSHGATEWAY"

Labels = tuple[tuple[str, str], ...]
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


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
        _push(call, gateway, parameters)


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


def _push(call: Call, gateway: str, parameters: Mapping[str, str]) -> None:
    """Replace the numbers that were measured, each in a group of its own; without a gateway the step goes on."""
    base = gateway if "://" in gateway else f"http://{gateway}"
    try:
        for labels, gauges in _groups(_gauges(call)).items():
            text = exposition(gauges, parameters)
            if text:
                _put(f"{base.rstrip('/')}/metrics/{_key(call, labels)}", text)
    except (URLError, OSError, HTTPException) as error:
        call.log.warn(f"the push gateway did not take the numbers: {error}")
    else:
        call.log.say("the numbers are pushed to the gateway")


def _groups(gauges: Iterable[Gauge]) -> dict[Labels, list[Gauge]]:
    """Put gauges of the same labels together.

    A gateway forgets what else a group held when the group is pushed. A run that measures only some views or columns
    must leave the others' last numbers alone, so each set of labels is a group.
    """
    found: dict[Labels, list[Gauge]] = {}
    for gauge in gauges:
        found.setdefault(gauge.labels, []).append(gauge)
    return found


def _key(call: Call, labels: Labels) -> str:
    """Name a group in the gateway's way: its labels as parts of a path."""
    return "/".join(_part(name, text) for name, text in (("job", f"mlopsctl-{call.step}"), *labels))


def _part(name: str, text: str) -> str:
    """Write one label; the gateway wants what a path cannot hold, and nothing at all, in base64."""
    if _PLAIN.fullmatch(text):
        return f"{name}/{text}"
    return f"{name}@base64/{urlsafe_b64encode(text.encode()).decode() or '='}"


def _put(address: str, text: str) -> None:
    request = Request(address, text.encode(), method="PUT")  # noqa: S310 - the operator's own address
    with urlopen(request, timeout=10):  # noqa: S310 - as above
        pass
