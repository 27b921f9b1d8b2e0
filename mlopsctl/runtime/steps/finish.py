"""`finish`: say how a run ended, once, in a line that log queries can find.

In: the parameters `pipeline`, `run` and `status`. Out: a line, at the level the status deserves. It never fails a run
that succeeded.
"""

from __future__ import annotations

from mlopsctl.runtime.call import Call

_GOOD = frozenset({"succeeded", "skipped"})


def run(call: Call) -> None:
    """Tell."""
    pipeline, name = call.parameters.get("pipeline", ""), call.parameters.get("run", "")
    status = call.parameters.get("status", "")
    tell = call.log.say if status.lower() in _GOOD else call.log.fail
    tell(f"run {name} of {pipeline} ended: {status}", pipeline=pipeline, run=name, status=status)
