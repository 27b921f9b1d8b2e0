"""`shift-traffic`: give a candidate a share of an endpoint's traffic.

In: the parameters `endpoint` and `weight` (percent). Out: the shares in the cluster's object. Called again it changes
nothing.
"""

from __future__ import annotations

from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.traffic import endpoint_named, shift


def run(call: Call) -> None:
    """Set the shares."""
    endpoint = endpoint_named(call, call.parameter("endpoint"))
    text = call.parameter("weight")
    if not text.isdecimal() or int(text) > 100:
        raise Broken(f"weight is `{text}`, and not a percentage")
    path = f"the candidate of `{endpoint.name}`"
    if shift(call, endpoint, int(text)):
        call.log.say(f"{path} gets {text} percent of the traffic", endpoint=endpoint.name, weight=int(text))
    else:
        call.log.say(f"{path} has {text} percent of the traffic already", endpoint=endpoint.name, weight=int(text))
