"""Decide endpoints: the served versions, autoscaling, and the series of requests and errors."""

from __future__ import annotations

from mlopsctl.blueprint.decide import names, pods
from mlopsctl.blueprint.decide.steps import requested_resources
from mlopsctl.blueprint.decide.training import version
from mlopsctl.blueprint.model.features import Field
from mlopsctl.blueprint.model.metrics import Histogram, Series
from mlopsctl.blueprint.model.serving import CANDIDATE, STABLE, Autoscale, Endpoint, Rollout, ServedVersion, Signals
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.engines import model_servers, signals
from mlopsctl.resolve import model as resolved
from mlopsctl.spec import lock as lock_spec
from mlopsctl.spec import serving

Matchers = tuple[tuple[str, str, str], ...]


def kind(system: resolved.System, endpoint: resolved.Endpoint) -> str:
    """Return the kind of object that counts the endpoint's requests."""
    flavor = system.spec.model.flavor if system.spec.model else "pyfunc"
    engine = system.engines.serving
    return model_servers.endpoint_kind(flavor, engine.engine, engine.version, looks_up=endpoint.features is not None)


def endpoints(system: resolved.System) -> tuple[tuple[Endpoint, ...], list[Diagnostic]]:
    """Decide the endpoints; one whose alias is not locked is left out, with a note."""
    decided, diagnostics = [], []
    for endpoint in system.endpoints.values():
        if endpoint.locked is None:
            diagnostics.append(_not_locked(endpoint))
        else:
            decided.append(_endpoint(system, endpoint))
    return tuple(decided), diagnostics


def _not_locked(endpoint: resolved.Endpoint) -> Diagnostic:
    message = f"endpoint `{endpoint.name}` is left out: `{endpoint.key}` is not locked to a version yet"
    path = f"spec.serving.endpoints.{endpoint.name}.model"
    return codes.NOT_LOCKED.at(None, message, path=path)


def _endpoint(system: resolved.System, endpoint: resolved.Endpoint) -> Endpoint:
    spec, locked = endpoint.spec, endpoint.locked
    assert locked  # noqa: S101 - the caller looked
    name = names.join(system.name, endpoint.name)
    candidate = locked.candidate if spec.rollout.strategy != "direct" else None
    engine_key = (system.engines.serving.engine, system.engines.serving.version, kind(system, endpoint))
    counted = _counted(engine_key, name, spec.rollout.strategy, candidate)
    where = _namespace_matchers(system)
    requests = signals.request_series(*engine_key, *counted)
    return Endpoint(
        name=name,
        spec_name=endpoint.name,
        candidate_name=_candidate(name, candidate),
        kind=engine_key[2],
        description=spec.description,
        flavor=system.spec.model.flavor if system.spec.model else "pyfunc",
        features=endpoint.features.name if endpoint.features else None,
        inputs=_inputs(endpoint),
        stable=ServedVersion(f"{name}-v{names.version_part(locked.version)}", version(locked)),
        candidate=ServedVersion(f"{name}-v{names.version_part(candidate.version)}", version(candidate))
        if candidate
        else None,
        min_replicas=spec.replicas.min,
        max_replicas=max(spec.replicas.max or spec.replicas.min, spec.replicas.min),
        autoscale=_autoscale(spec, requests, where),
        resources=requested_resources(system, spec.resources),
        rollout=_rollout(spec),
        requests=_series(requests, where),
        errors=_series(signals.error_series(*engine_key, *counted), where),
        latency=_histogram(signals.latency_histogram(*engine_key, *counted), where),
        candidate_signals=_candidate_signals(engine_key, name, candidate, where)
        if spec.rollout.strategy == "canary"
        else None,
        pod=pods.of_endpoint(system, endpoint),
    )


def _candidate(name: str, candidate: lock_spec.LockedVersion | None) -> str:
    """Name the candidate's object by its version: a new candidate is a new object and starts at the first step."""
    return f"{name}-candidate-v{names.version_part(candidate.version)}" if candidate else f"{name}-candidate"


def _counted(
    engine_key: tuple[str, str, str], name: str, strategy: str, candidate: lock_spec.LockedVersion | None
) -> tuple[tuple[str, ...], str]:
    """Decide the objects whose requests an endpoint's objectives count.

    Both versions of a canary answer users; a shadow's answers are discarded. Seldon 1 and KServe report both versions
    under the name of one object.
    """
    if signals.part_label(*engine_key):
        return (name,), STABLE if strategy == "shadow" else ""
    both = candidate and strategy == "canary" and _candidate_apart(engine_key)
    return ((name, _candidate(name, candidate)) if both else (name,)), ""


def _candidate_apart(engine_key: tuple[str, str, str]) -> bool:
    """Return whether the engine reports a candidate's requests separately."""
    serving = model_servers.serving(engine_key[0], engine_key[1])
    return serving is not None and serving.candidate_apart


def _candidate_signals(
    engine_key: tuple[str, str, str], name: str, candidate: lock_spec.LockedVersion | None, where: Matchers
) -> Signals | None:
    """Return the signals of the candidate's requests; None if the engine reports both versions together."""
    if candidate is None or not _candidate_apart(engine_key):
        return None
    counted = ((name,), CANDIDATE) if signals.part_label(*engine_key) else ((_candidate(name, candidate),), "")
    return Signals(
        _series(signals.request_series(*engine_key, *counted), where),
        _series(signals.error_series(*engine_key, *counted), where),
        _histogram(signals.latency_histogram(*engine_key, *counted), where),
    )


def _inputs(endpoint: resolved.Endpoint) -> tuple[Field, ...]:
    """Decide the inputs of a request: entity keys and request fields, or the model's own inputs for plain tensors."""
    if endpoint.features:
        keys = tuple(Field(entity.key, entity.type) for entity in endpoint.features.entities)
        return keys + tuple(Field(name, kind) for name, kind in endpoint.features.spec.request.items())
    signature = endpoint.locked.signature if endpoint.locked else None
    return tuple(Field(name, kind) for name, kind in signature.inputs.items()) if signature else ()


def _namespace_matchers(system: resolved.System) -> Matchers:
    """Match the namespace of scraped pods: object names repeat across environments of one cluster."""
    serving = model_servers.serving(system.engines.serving.engine, system.engines.serving.version)
    if serving is not None and not serving.namespaced:
        return ()
    return (("namespace", "=", system.environment.namespace),)


def _autoscale(spec: serving.Endpoint, requests: signals.Series | None, where: Matchers) -> Autoscale | None:
    if not spec.autoscale:
        return None
    query = _series(requests, where) if spec.autoscale.metric == "rps" else None
    return Autoscale(spec.autoscale.metric, spec.autoscale.target, query)


def _rollout(spec: serving.Endpoint) -> Rollout:
    rollout = spec.rollout
    if rollout.strategy == "canary":
        return Rollout("canary", rollout.steps, rollout.pause.seconds, rollout.abort_on, rollout.steps[0])
    if rollout.strategy == "shadow":
        return Rollout("shadow", (), 0, (), rollout.percent)
    return Rollout("direct", (), 0, (), 100)


def _series(signal: signals.Series | None, where: Matchers) -> Series | None:
    return Series(signal.metric, (*signal.matchers, *where)) if signal else None


def _histogram(histogram: signals.Histogram | None, where: Matchers) -> Histogram | None:
    if not histogram:
        return None
    return Histogram(
        Series(histogram.bucket.metric, (*histogram.bucket.matchers, *where)),
        Series(histogram.count.metric, (*histogram.count.matchers, *where)),
        histogram.bounds,
    )
