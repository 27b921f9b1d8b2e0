"""Serving: which version answers at which endpoint, how it scales, and which series tell how it does.

In: a resolved system. Out: endpoints whose version is locked, and the names of those that are not.
"""

from __future__ import annotations

from mlopsctl.blueprint import names
from mlopsctl.blueprint.model import (
    CANDIDATE,
    STABLE,
    Autoscale,
    Endpoint,
    Field,
    Histogram,
    Rollout,
    Series,
    ServedVersion,
    Signals,
)
from mlopsctl.blueprint.steps import wanted_resources
from mlopsctl.blueprint.training import version
from mlopsctl.catalogue import flavors, signals
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve import model as resolved

Matchers = tuple[tuple[str, str, str], ...]


def kind(system: resolved.System, endpoint: resolved.Endpoint) -> str:
    """Return the catalogue's word for what counts the endpoint's requests."""
    flavor = system.spec.model.flavor if system.spec.model else "pyfunc"
    engine = system.engines.serving
    return flavors.endpoint_kind(flavor, engine.engine, engine.version, looks_up=endpoint.features is not None)


def endpoints(system: resolved.System) -> tuple[tuple[Endpoint, ...], list[Diagnostic]]:
    """Decide the endpoints; one whose alias is not locked is left out, and a note says what to run."""
    made, found = [], []
    for endpoint in system.endpoints.values():
        if endpoint.locked is None:
            found.append(_not_locked(endpoint))
        else:
            made.append(_endpoint(system, endpoint))
    return tuple(made), found


def _not_locked(endpoint: resolved.Endpoint) -> Diagnostic:
    message = f"endpoint `{endpoint.name}` is left out: `{endpoint.key}` is not locked to a version yet"
    path = f"spec.serving.endpoints.{endpoint.name}.model"
    return codes.NOT_LOCKED.at(None, message, path=path)


def _endpoint(system: resolved.System, endpoint: resolved.Endpoint) -> Endpoint:
    spec, locked = endpoint.spec, endpoint.locked
    assert locked  # noqa: S101 - the caller looked
    name = names.join(system.name, endpoint.name)
    candidate = locked.candidate if spec.rollout.strategy != "direct" else None
    of = (system.engines.serving.engine, system.engines.serving.version, kind(system, endpoint))
    counted = _counted(of[0], of[2], name, spec.rollout.strategy, candidate)
    where = _where(system)
    requests = signals.request_series(*of, *counted)
    return Endpoint(
        name=name,
        spec_name=endpoint.name,
        candidate_name=_candidate(name, candidate),
        kind=of[2],
        description=spec.description,
        flavor=system.spec.model.flavor if system.spec.model else "pyfunc",
        features=endpoint.features.name if endpoint.features else None,
        inputs=_inputs(endpoint),
        stable=ServedVersion(f"{name}-v{names.word(locked.version)}", version(locked)),
        candidate=ServedVersion(f"{name}-v{names.word(candidate.version)}", version(candidate)) if candidate else None,
        min_replicas=spec.replicas.min,
        max_replicas=max(spec.replicas.max or spec.replicas.min, spec.replicas.min),
        autoscale=_autoscale(spec, requests, where),
        resources=wanted_resources(system, spec.resources),
        rollout=_rollout(spec),
        requests=_series(requests, where),
        errors=_series(signals.error_series(*of, *counted), where),
        latency=_histogram(signals.latency_histogram(*of, *counted), where),
        candidate_signals=_candidate_signals(of, name, candidate, where) if spec.rollout.strategy == "canary" else None,
    )


def _candidate(name: str, candidate: resolved.lock_spec.LockedVersion | None) -> str:
    """Name the candidate's object by its version: another candidate is another object, and starts at the first step."""
    return f"{name}-candidate-v{names.word(candidate.version)}" if candidate else f"{name}-candidate"


def _counted(
    engine: str, kind: str, name: str, strategy: str, candidate: resolved.lock_spec.LockedVersion | None
) -> tuple[tuple[str, ...], str]:
    """Decide whose requests an endpoint's objectives count: the names of objects, and the part of one.

    Of a canary both halves answer users; of a shadow nobody sees the answers. Seldon 1 and KServe report both halves
    by the one object's name.
    """
    if kind == "deployment":
        return (name,), STABLE if strategy == "shadow" else ""
    both = candidate and strategy == "canary" and engine != "kserve"
    return ((name, _candidate(name, candidate)) if both else (name,)), ""


def _candidate_signals(
    of: tuple[str, str, str], name: str, candidate: resolved.lock_spec.LockedVersion | None, where: Matchers
) -> Signals | None:
    """Find what the candidate's requests alone tell; None where the engine reports both halves as one."""
    if candidate is None or of[0] == "kserve":
        return None
    counted = ((name,), CANDIDATE) if of[2] == "deployment" else ((_candidate(name, candidate),), "")
    return Signals(
        _series(signals.request_series(*of, *counted), where),
        _series(signals.error_series(*of, *counted), where),
        _histogram(signals.latency_histogram(*of, *counted), where),
    )


def _inputs(endpoint: resolved.Endpoint) -> tuple[Field, ...]:
    """Decide what a request holds: entity keys and request fields, or for plain tensors the model's own inputs."""
    if endpoint.features:
        keys = tuple(Field(entity.key, entity.type) for entity in endpoint.features.entities)
        return keys + tuple(Field(name, kind) for name, kind in endpoint.features.spec.request.items())
    signature = endpoint.locked.signature if endpoint.locked else None
    return tuple(Field(name, kind) for name, kind in signature.inputs.items()) if signature else ()


def _where(system: resolved.System) -> Matchers:
    """Match the namespace, which every scraped pod has: two environments of one cluster share their objects' names."""
    if system.engines.serving.engine == "mlserver":
        return ()
    return (("namespace", "=", system.environment.namespace),)


def _autoscale(spec: resolved.serving.Endpoint, requests: signals.Series | None, where: Matchers) -> Autoscale | None:
    if not spec.autoscale:
        return None
    query = _series(requests, where) if spec.autoscale.metric == "rps" else None
    return Autoscale(spec.autoscale.metric, spec.autoscale.target, query)


def _rollout(spec: resolved.serving.Endpoint) -> Rollout:
    rollout = spec.rollout
    if rollout.strategy == "canary":
        return Rollout("canary", rollout.steps, rollout.pause.seconds, rollout.abort_on, rollout.steps[0])
    if rollout.strategy == "shadow":
        return Rollout("shadow", (), 0, (), rollout.percent)
    return Rollout("direct", (), 0, (), 100)


def _series(found: signals.Series | None, where: Matchers) -> Series | None:
    return Series(found.metric, (*found.matchers, *where)) if found else None


def _histogram(found: signals.Histogram | None, where: Matchers) -> Histogram | None:
    if not found:
        return None
    return Histogram(
        Series(found.bucket.metric, (*found.bucket.matchers, *where)),
        Series(found.count.metric, (*found.count.matchers, *where)),
        found.bounds,
    )
