"""The reason for each derived number, as one sentence with its numbers.

Each number comes from the function that decides it, so that sentence and value cannot differ. Reasons are not part of
the Blueprint, whose bytes identify a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mlopsctl.blueprint.decide import alerts, clock
from mlopsctl.blueprint.decide.pipelines import by_purpose
from mlopsctl.blueprint.decide.slo import burns
from mlopsctl.blueprint.model.alerts import AgeCondition, Alert, BoundCondition, BurnCondition, OverdueCondition
from mlopsctl.blueprint.model.checks import DriftColumn, QualityMonitor
from mlopsctl.blueprint.model.features import View
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.blueprint.model.objectives import Slo
from mlopsctl.blueprint.model.pieces import OwnedPiece
from mlopsctl.blueprint.model.pipelines import Pipeline, Run, Schedule, Step
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.blueprint.provenance.paths import Owner, SpecPath, default, stack
from mlopsctl.blueprint.provenance.pipelines import hashed, of_schedule, step_resources, step_timeout
from mlopsctl.blueprint.provenance.serving import version
from mlopsctl.catalogue import burn_rates
from mlopsctl.engines.known import supports


class Reason(NamedTuple):
    """A number in its possible spellings, the sentence, and the paths that the sentence refers to.

    With `first_decides`, the first path that is set decides the number.
    """

    values: tuple[str, ...]
    sentence: str
    paths: tuple[SpecPath, ...]
    first_decides: bool = False


Reasons = Iterator[Reason]


def reasons(piece: Any, owner: Owner) -> tuple[Reason, ...]:
    """Return the reasons of a piece's derived numbers; empty if nothing is derived."""
    if type(piece) is OwnedPiece:
        return reasons(piece.piece, Owner(piece.owner, owner.shared))
    derive = _REASONS.get(type(piece))
    return tuple(derive(piece, owner)) if derive else ()


def _seconds(seconds: int) -> tuple[str, ...]:
    """Return the spellings of a duration: as in Prometheus, in seconds, as Feast's timedelta."""
    return (clock.text(seconds), f"{seconds}s", str(seconds))


# --- alerts -------------------------------------------------------------------------------------------------------


def _alert(alert: Alert, owner: Owner) -> Reasons:
    condition = alert.condition
    if type(condition) is AgeCondition:
        yield from _stale(alert, owner)
    elif type(condition) is BurnCondition:
        slo = next(objective for objective in owner.blueprint.slos if objective.id == condition.slo)
        yield from (
            reason for reason, burn in zip(_slo(slo, owner), slo.burns, strict=True) if burn.severity == alert.severity
        )
    elif type(condition) is OverdueCondition:
        yield from (_overdue if alert.group == "training" else _monitoring_overdue)(alert, owner, condition)
    elif type(condition) is BoundCondition:
        yield from _bound(alert, owner, condition)
    if alert.hold:
        yield from _hold(alert, owner)


def _hold(alert: Alert, owner: Owner) -> Reasons:
    hold = clock.text(alert.hold)
    sentence = f"{hold} is how long it must hold before anybody is told"
    own = alert.group == "own"
    paths = (owner.spec("alerts.rules", alert.name, "for"),) if own else ()
    yield Reason((f'for: "{hold}"',), sentence if own else f"{sentence}, as for every derived alert", paths)


def _stale(alert: Alert, owner: Owner) -> Reasons:
    features = owner.blueprint.features
    assert features  # noqa: S101 - the alert is about a view
    view = next(candidate for candidate in features.views if candidate.name == alert.labels["view"])
    cadence = next(source.cadence for source in features.sources if source.name == view.source)
    late, ttl, interval_text = alerts.stale_after(view, cadence), clock.text(view.ttl), clock.text(view.every or 0)
    at = {"every": owner.spec("features.views", view.name, "materialize", "every")}
    at["ttl"] = owner.spec("features.views", view.name, "ttl")
    at["cadence"] = owner.spec("data.sources", view.source, "cadence")
    if not cadence:
        sentence = f"{late} s = ttl {ttl}: the source has no cadence to expect rows by"
    elif late < view.ttl:
        sentence = f"{late} s = cadence {clock.text(cadence)} + every {interval_text} x 1.5, within ttl {ttl}"
    else:
        sentence = f"{late} s = ttl {ttl}, which caps cadence {clock.text(cadence)} + every {interval_text} x 1.5"
    yield Reason(_seconds(late), sentence, tuple(at.values()))


def _overdue(_: Alert, owner: Owner, condition: OverdueCondition) -> Reasons:
    train = by_purpose(owner.blueprint.pipelines, "train")
    assert train  # noqa: S101 - the alert is about its runs
    (schedule,) = train.schedules
    patience = alerts.overdue_patience(train)
    longest = max(step.timeout for step in train.steps)
    sentence = (
        f"{clock.text(condition.window)} = {clock.text(schedule.period)}, the longest wait between two firings of "
        f"`{schedule.cron}`, + {clock.text(patience)}: twice the longest step's timeout of {clock.text(longest)}, "
        "at most a day"
    )
    paths = (owner.spec("model.retrain.schedule"), owner.spec("model.timeout"), *default(owner, "timeout"))
    yield Reason(_seconds(condition.window), sentence, paths)


def _monitoring_overdue(_: Alert, owner: Owner, condition: OverdueCondition) -> Reasons:
    interval_s = condition.window // alerts.MISSED
    sentence = f"{clock.text(condition.window)} = {alerts.MISSED} missed runs of every {clock.text(interval_s)}"
    yield Reason(_seconds(condition.window), sentence, (owner.spec("checks.live.every"),))


def _bound(alert: Alert, owner: Owner, condition: BoundCondition) -> Reasons:
    checks = owner.blueprint.checks
    assert checks and checks.live  # noqa: S101 - the alert is about what is watched
    if alert.group == "drift":
        for column in checks.live.drift:
            if column.method == alert.labels["method"] and column.max == condition.bound:
                yield from _drift(column, owner)
                return
    elif checks.live.quality:
        yield from _quality(checks.live.quality, owner)


def _drift(column: DriftColumn, owner: Owner) -> Reasons:
    sentence = f"{column.max:f} is the most that the {column.method} score may be for columns of this kind"
    yield Reason((f"{column.max:f}",), sentence, (owner.spec("checks.live.drift"),))


def _quality(quality: QualityMonitor, owner: Owner) -> Reasons:
    side = "least" if quality.higher_is_better else "most"
    sentence = (
        f"{quality.bound:f} is the {side} that {quality.metric} may be, on rows whose label is known "
        f"{clock.text(quality.delay)} later"
    )
    labelled = (owner.spec("data.labels", owner.blueprint.model.label.name, "delay"),) if owner.blueprint.model else ()
    yield Reason((f"{quality.bound:f}",), sentence, (owner.spec("checks.live.quality"), *labelled))


# --- objectives ---------------------------------------------------------------------------------------------------


def _slo(slo: Slo, owner: Owner) -> Reasons:
    """Yield the reason of each pair of windows, in the objective's order; a candidate's objective has none."""
    if slo.of_candidate:
        return
    pairs_by_windows = {(pair.long, pair.short): (pair, factor) for pair, factor in burn_rates.pairs(slo.window)}
    for burn in burns(slo.budget, slo.window):
        pair, factor = pairs_by_windows[burn.long, burn.short]
        sentence = (
            f"{burn.threshold:f} = {factor:f} x the budget of {slo.budget:f}; {factor:f} is the pace that spends "
            f"{_percent(pair.share)} of what {clock.text(slo.window)} may spend within {burn.long}"
        )
        paths = tuple([owner.spec("alerts.slos", slo.name, key) for key in ("objective", "window")])
        yield Reason((f"{factor:f}",), sentence, paths)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


# --- pipelines ----------------------------------------------------------------------------------------------------


def _pipeline(pipeline: Pipeline, owner: Owner) -> Reasons:
    if _keeps(owner, "deadline"):
        total = sum(step.timeout for step in pipeline.steps)
        sentence = f"{total} s = the timeouts of its {len(pipeline.steps)} steps, one after another"
        paths = dict.fromkeys(path for step in pipeline.steps for path in step_timeout(step, owner))
        yield Reason((str(total),), sentence, tuple(paths))
    sentence = f"{pipeline.hash} is the hash of {_HASHED[pipeline.purpose]}; another content is another hash"
    yield Reason((pipeline.hash,), sentence, hashed(pipeline, owner))


_HASHED = {
    "materialize": "its image, steps and parameters",
    "train": "what a training run reads, must hold and is packaged for",
    "monitor": "its image, steps and parameters",
    "rollout": "both versions and the way the new one comes in",
}


def _run(run: Run, owner: Owner) -> Reasons:
    pipeline = next(candidate for candidate in owner.blueprint.pipelines if candidate.on_change is run)
    sentence = f"{run.hash} is the hash of {_HASHED[pipeline.purpose]}: another content is another run"
    yield Reason((run.hash,), sentence, hashed(pipeline, owner))


def _schedule(schedule: Schedule, owner: Owner) -> Reasons:
    paths = tuple(of_schedule(schedule, owner))
    longest = f"at most {clock.text(schedule.period)} apart"
    if clock.interval_cron(schedule.period) == schedule.cron:
        longest = f"every {clock.text(schedule.period)}"
    yield Reason((schedule.cron,), f"`{schedule.cron}` fires {longest}, in {schedule.timezone}", paths)


def _keeps(owner: Owner, ability: str) -> bool:
    """Return whether the pipeline engine renders a field; a number that it drops needs no reason."""
    engine = owner.subject.engines.pipelines
    return bool(supports("pipelines", engine.name, engine.version, ability))


def _step(step: Step, owner: Owner) -> Reasons:
    if _keeps(owner, "step-timeout"):
        yield _try(step, owner)
    if _keeps(owner, "retries"):
        limit = step.retry.limit
        tries = (f'limit: "{limit}"', f"maxRetryCount: {limit}", f"maxRetries: {limit}")
        sentence = f"{limit} is how often the step is tried again"
        yield Reason(tries, sentence, tuple(default(owner, "retries")), first_decides=True)
    if _keeps(owner, "resources"):
        resources = step.resources
        yield from _requests(resources.memory, resources.cpu, tuple(step_resources(step, owner)))


def _try(step: Step, owner: Owner) -> Reason:
    timeout = tuple(step_timeout(step, owner))
    sentence = f"{step.timeout} s is how long one try of the step may take"
    if step.verb == "watch-objectives":
        pause = next(parameter.value for parameter in step.parameters if parameter.name == "seconds")
        sentence = (
            f"{step.timeout} s = the pause of {pause} s + {step.timeout - int(pause or 0)} s to start and to end in"
        )
    return Reason((f"{step.timeout}s", str(step.timeout)), sentence, timeout, first_decides=True)


def _requests(memory: str, cpu: str, paths: tuple[SpecPath, ...]) -> Reasons:
    yield Reason((memory,), f"{memory} is the memory it asks for", _per_path(paths, "memory"), first_decides=True)
    yield Reason(
        (f'"{cpu}"', cpu), f"{cpu} is how much of a processor it asks for", _per_path(paths, "cpu"), first_decides=True
    )


def _per_path(paths: tuple[SpecPath, ...], key: str) -> tuple[SpecPath, ...]:
    return tuple([path.below(key) for path in paths])


# --- serving and features -----------------------------------------------------------------------------------------


def _endpoint(endpoint: Endpoint, owner: Owner) -> Reasons:
    at = ("serving.endpoints", endpoint.spec_name)
    version_text = endpoint.stable.version.version
    sentence = f"version {version_text} is the one that the lock has for the endpoint's alias"
    yield Reason((endpoint.stable.version.uri, f'"{version_text}"'), sentence, tuple(version(endpoint, owner)))
    if endpoint.candidate:
        coming = endpoint.candidate.version
        sentence = f"version {coming.version} is the candidate in the lock"
        yield Reason((coming.uri, f'"{coming.version}"'), sentence, tuple(version(endpoint, owner)))
        yield from _share(endpoint, owner)
    if scale := endpoint.autoscale:
        sentence = (
            f"{endpoint.min_replicas} to {endpoint.max_replicas} replicas, scaled to a target of {scale.target:f} "
        )
        paths = (owner.spec(*at, "autoscale"), owner.spec(*at, "replicas"))
        yield Reason((f"{scale.target:f}", str(endpoint.max_replicas)), f"{sentence}{scale.metric}", paths)
    yield from _copies("min", endpoint.min_replicas, "minimum", (owner.spec(*at, "replicas", "min"),))
    if scale or not endpoint.min_replicas or owner.subject.engines.serving.settings.get("mode") == "Knative":
        most = (owner.spec(*at, "replicas", "max"), owner.spec(*at, "replicas", "min"))
        yield from _copies("max", endpoint.max_replicas, "maximum", most)
    resources = endpoint.resources
    yield from _requests(resources.memory, resources.cpu, (owner.spec(*at, "resources"), *default(owner, "resources")))


def _share(endpoint: Endpoint, owner: Owner) -> Reasons:
    """Yield the weight of the candidate in Git, and the rest for the stable version."""
    weight, fields = endpoint.rollout.weight, ("weight", "traffic", "trafficPercent", "canaryTrafficPercent", "percent")
    texts = tuple([f"{field}: {share}" for field in fields for share in (weight, 100 - weight)])
    sentence = f"{weight} percent of the requests go to the candidate at first, {100 - weight} to the stable version"
    key = "percent" if endpoint.rollout.strategy == "shadow" else "steps"
    yield Reason(texts, sentence, (owner.spec("serving.endpoints", endpoint.spec_name, "rollout", key),))


def _copies(side: str, count: int, bound_word: str, paths: tuple[SpecPath, ...]) -> Reasons:
    """Yield the number of replicas: a small number is recognised only next to its field."""
    fields = (f"{side}Replicas", f"{side}ReplicaCount", f"{side}_replicas", f'"{side}_replicas"', "replicas")
    yield Reason(
        tuple([f"{field}: {count}" for field in fields]),
        f"{count} is the {bound_word} number of replicas",
        paths,
        first_decides=True,
    )


def _view(view: View, owner: Owner) -> Reasons:
    unit = next((f"{name}={view.ttl // size}" for name, size in _UNITS if view.ttl % size == 0), "")
    sentence = f"a row is valid for ttl {clock.text(view.ttl)}, which is {view.ttl} s"
    yield Reason((unit, str(view.ttl)), sentence, (owner.spec("features.views", view.name, "ttl"),))


def _monitor(monitor: Monitor, owner: Owner) -> Reasons:
    engine = owner.subject.engines.serving
    sentence = (
        f"{monitor.port} is the port that {engine.name} {engine.version} is found by, {monitor.path} where it tells"
    )
    paths = tuple(stack(owner, "serving"))
    yield Reason((monitor.port, f'"{monitor.port}"', monitor.path), sentence, paths, first_decides=True)


_UNITS = (("days", clock.DAY), ("hours", clock.HOUR), ("minutes", clock.MINUTE), ("seconds", 1))
_REASONS: Mapping[type, Callable[[Any, Owner], Reasons]] = {
    Alert: _alert,
    Slo: _slo,
    DriftColumn: _drift,
    QualityMonitor: _quality,
    Pipeline: _pipeline,
    Run: _run,
    Schedule: _schedule,
    Step: _step,
    Endpoint: _endpoint,
    View: _view,
    Monitor: _monitor,
}
