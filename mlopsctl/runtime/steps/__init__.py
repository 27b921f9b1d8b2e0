"""The verbs of `mlopsctl step`, each in a module of its own with one function `run(call)`.

A verb's module is imported when it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from mlopsctl.runtime.step_context import StepContext

VERBS = (
    "materialize",
    "build-dataset",
    "check-data",
    "split",
    "check-split",
    "train",
    "evaluate",
    "check-model",
    "gate",
    "register",
    "monitor",
    "request-training",
    "shift-traffic",
    "watch-objectives",
    "finish",
)


def step(verb: str) -> Callable[[StepContext], None]:
    """Find a verb's function; KeyError for an unknown verb."""
    if verb not in VERBS:
        raise KeyError(verb)
    run: Callable[[StepContext], None] = import_module(f"{__name__}.{verb.replace('-', '_')}").run
    return run
