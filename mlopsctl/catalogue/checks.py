"""What a check library has, as values: its checks with their parameters, its suites, its drift methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mlopsctl.catalogue.parameter import Parameter

STAGES: Final = ("data", "split", "model")
"""The stages of a run that checks belong to; each has the inputs of those before it."""
_NO_CONDITIONS: Final[Mapping[str, Mapping[str, Parameter]]] = MappingProxyType({})
_NO_REASONS: Final[Mapping[str, str]] = MappingProxyType({})


class CheckType(NamedTuple):
    """A check of a library.

    `stage` is the earliest stage with the inputs that it needs. `tasks` are the tasks that it works for, empty: all;
    `broken` tells by task why it does not work where it should.
    """

    params: Mapping[str, Parameter]
    stage: str = "data"
    conditions: Mapping[str, Mapping[str, Parameter]] = _NO_CONDITIONS
    tasks: tuple[str, ...] = ()
    broken: Mapping[str, str] = _NO_REASONS


def _no_suites() -> Mapping[str, str]:
    return _NO_REASONS


class CheckCatalogue(NamedTuple):
    """The checks of a library, under the library's own names.

    `title` is the library's name in messages and `noun` its word for a check; `scope` follows `has no check x` in a
    message. `suites` maps each suite to the earliest stage with the inputs that it needs. `unusable` has checks that a
    spec cannot use, with the reason. `drift_methods` are pairs of a kind of column (`numerical` or `categorical`) and a
    method of the language.
    """

    title: str
    noun: str
    checks: Callable[[], Mapping[str, CheckType]]
    scope: str = ""
    suites: Callable[[], Mapping[str, str]] = _no_suites
    unusable: Mapping[str, str] = _NO_REASONS
    drift_methods: tuple[tuple[str, str], ...] = ()


def has_inputs(stage: str, needed: str) -> bool:
    """Return whether a stage has the inputs of the stage that is needed: its own, and those of earlier stages."""
    return STAGES.index(needed) <= STAGES.index(stage)
