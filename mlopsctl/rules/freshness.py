"""Freshness: time to live, materialisation intervals, monitor windows and label delays that fit together."""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.diagnostics.codes import freshness as codes
from mlopsctl.diagnostics.model import Diagnostic, Place
from mlopsctl.resolve.model import System, View
from mlopsctl.rules.finding import at
from mlopsctl.spec import times


def ttl_outlives_refresh(system: System) -> Iterator[Diagnostic]:
    """Require a ttl of at least cadence + materialisation interval."""
    for view in system.views.values():
        if view.complete and view.spec.materialize and view.source.cadence:
            needed = view.source.cadence + view.spec.materialize.every
            # An interval longer than the ttl is reported by `interval_within_ttl`.
            if view.spec.materialize.every <= view.spec.ttl < needed:
                yield _stale(system, view)


def _stale(system: System, view: View) -> Diagnostic:
    materialize, cadence = view.spec.materialize, view.source.cadence
    assert materialize and cadence  # noqa: S101 - the caller looked
    needed = cadence + materialize.every
    path = ("spec", "features", "views", view.name)
    related = (
        system.origin.value("spec", "data", "sources", view.source_name, "cadence", label="new rows land this often"),
        system.origin.value(*path, "materialize", "every", label="and are materialised this often"),
    )
    room = view.spec.ttl.ms - cadence.ms
    faster = f", or materialize every {times.Duration(room)}" if room > 60_000 else ""
    return at(
        system,
        codes.TTL_TOO_SHORT,
        (*path, "ttl"),
        f"feature view `{view.name}` goes stale before it is refreshed",
        label=f"shorter than cadence {cadence} + materialize.every {materialize.every} = {needed}",
        help=f"a ttl of {needed} or more{faster}",
        related=related,
    )


def interval_within_ttl(system: System) -> Iterator[Diagnostic]:
    """Require a materialisation interval within the ttl; else some rows never reach the online store."""
    for view in system.views.values():
        materialize = view.spec.materialize
        if view.complete and materialize and materialize.every > view.spec.ttl:
            path = ("spec", "features", "views", view.name)
            yield at(
                system,
                codes.INTERVAL_OVER_TTL,
                (*path, "materialize", "every"),
                f"the materialisation interval of feature view `{view.name}` is longer than its ttl",
                label=f"longer than the ttl of {view.spec.ttl}: some rows never reach the online store",
                related=(system.origin.value(*path, "ttl", label="rows are valid this long"),),
                help=_often_enough(view, materialize.every),
            )


def _often_enough(view: View, interval: times.Duration) -> str:
    """Return the help text: the longest interval that fits, and the shortest ttl that fits."""
    cadence = view.source.cadence or times.Duration(0)
    room = view.spec.ttl.ms - cadence.ms
    longer = f"a ttl of {interval + cadence} or more"
    return f"materialize every {times.Duration(room)} or less, or {longer}" if room > 60_000 else longer


def monitor_sees_every_row(system: System) -> Iterator[Diagnostic]:
    """Require a monitor window of at least its interval, so that every row is checked."""
    live = system.spec.checks.live if system.spec.checks else None
    if live and live.window < live.every:
        path = ("spec", "checks", "live")
        yield at(
            system,
            codes.WINDOW_GAPS,
            (*path, "window"),
            "the live monitor skips some rows",
            label=f"shorter than the interval of {live.every}",
            related=(system.origin.value(*path, "every", label="interval between runs"),),
            help=f"a window of {live.every} or more",
        )


def holdout_has_labels(system: System) -> Iterator[Diagnostic]:
    """Require a holdout that ends before the labels that are not known yet."""
    training = system.training
    if not training or training.spec.split.by != "time" or training.spec.split.lag is None:
        return
    if training.spec.split.lag < training.label.delay:
        yield at(
            system,
            codes.HOLDOUT_UNLABELLED,
            ("spec", "model", "split", "lag"),
            "the holdout includes rows whose labels are not known yet",
            label=f"less than the label's delay of {training.label.delay}",
            related=(_delay(system),),
            help=f"a lag of {training.label.delay} or more, or remove `lag`",
        )


def quality_waits_for_labels(system: System) -> Iterator[Diagnostic]:
    """Require that live quality waits for the label's delay."""
    live = system.spec.checks.live if system.spec.checks else None
    training = system.training
    if not live or not live.quality or live.quality.delay is None or not training:
        return
    if live.quality.delay < training.label.delay:
        yield at(
            system,
            codes.QUALITY_UNLABELLED,
            ("spec", "checks", "live", "quality", "delay"),
            "live quality is measured before its labels are known",
            label=f"less than the label's delay of {training.label.delay}",
            related=(_delay(system),),
            help=f"a delay of {training.label.delay} or more, or remove `delay`",
        )


def _delay(system: System) -> Place:
    assert system.training  # noqa: S101 - the caller looked
    name = system.training.label.name
    return system.origin.value("spec", "data", "labels", name, "delay", label="labels are known after this delay")


RULES = (
    ttl_outlives_refresh,
    interval_within_ttl,
    monitor_sees_every_row,
    holdout_has_labels,
    quality_waits_for_labels,
)
