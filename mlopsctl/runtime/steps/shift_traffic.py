"""`shift-traffic`: set a candidate's share of an endpoint's traffic.

A second call changes nothing.
"""

from __future__ import annotations

from mlopsctl.runtime.backends.traffic import endpoint_named, shift
from mlopsctl.runtime.step_context import StepContext, StepFailed


def run(step_context: StepContext) -> None:
    """Set the weights."""
    endpoint = endpoint_named(step_context, step_context.parameter("endpoint"))
    text = step_context.parameter("weight")
    if not text.isdecimal() or int(text) > 100:
        raise StepFailed(f"weight must be a percentage, not `{text}`")
    path = f"the candidate of `{endpoint.name}`"
    if shift(step_context, endpoint, int(text)):
        step_context.log.say(f"{path} gets {text} percent of the traffic", endpoint=endpoint.name, weight=int(text))
    else:
        step_context.log.say(
            f"{path} already has {text} percent of the traffic", endpoint=endpoint.name, weight=int(text)
        )
