"""Serving: online features, supported rollouts and scaling, and a model trained on the endpoint's feature set."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mlopsctl.catalogue.capability import Capability
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.engines import known as engines
from mlopsctl.resolve.model import Endpoint, System
from mlopsctl.rules.finding import at, overridden
from mlopsctl.spec import lock as lock_spec


def _path(endpoint: Endpoint, *rest: str) -> tuple[str, ...]:
    return ("spec", "serving", "endpoints", endpoint.name, *rest)


def served_features_are_online(system: System) -> Iterator[Diagnostic]:
    """Require that the views an endpoint looks up are in the online store."""
    for endpoint in system.endpoints.values():
        for view in endpoint.features.views if endpoint.features else ():
            if view.complete and not view.spec.served:
                owner = "" if view.system == system.name else f" of system `{view.system}`"
                yield at(
                    system,
                    codes.OFFLINE_FEATURE,
                    _path(endpoint, "features"),
                    f"endpoint `{endpoint.name}` looks up view `{view.name}`{owner}, which is not in the online store",
                    label="this set includes the view",
                    related=(
                        (system.origin.key("spec", "features", "views", view.name, label="offline only"),)
                        if view.system == system.name
                        else ()
                    ),
                )


def served_as_trained(system: System) -> Iterator[Diagnostic]:
    """Require that an endpoint uses the model's training set, and that the locked version has the same inputs."""
    training = system.training
    for endpoint in system.endpoints.values():
        if training and endpoint.features and endpoint.features is not training.features:
            yield at(
                system,
                codes.OTHER_SET,
                _path(endpoint, "features"),
                f"endpoint `{endpoint.name}` uses feature set `{endpoint.features.name}`, "
                f"but the model is trained on `{training.features.name}`",
                related=(system.origin.value("spec", "model", "features", label="the training set"),),
            )
        elif endpoint.features:
            yield from _signature(system, endpoint)


def _signature(system: System, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Compare the signatures of the locked versions with the current feature set."""
    set_path = ("spec", "features", "sets", endpoint.features.name) if endpoint.features else ()
    if not endpoint.features or not endpoint.features.complete or system.origin.unreadable(*set_path):
        return
    key = ("environments", system.environment.name, "models", endpoint.key)
    if endpoint.locked:
        yield from _inputs(system, endpoint, endpoint.locked, key)
    if endpoint.locked and endpoint.locked.candidate and endpoint.spec.rollout.strategy != "direct":
        yield from _inputs(system, endpoint, endpoint.locked.candidate, (*key, "candidate"))


def _inputs(
    system: System, endpoint: Endpoint, version: lock_spec.LockedVersion, key: tuple[str, ...]
) -> Iterator[Diagnostic]:
    if not version.signature or not endpoint.features or system.workspace.lock_unreadable(*key, "signature"):
        return
    today = {feature.name: feature.type for feature in endpoint.features.features} | endpoint.features.model_request
    trained_on = version.signature.inputs
    changed = [
        f"`{n}` was {kind} and is {today[n]}" for n, kind in trained_on.items() if n in today and today[n] != kind
    ]
    removed = [f"`{name}` is removed" for name in trained_on if name not in today]
    new = [f"`{name}` is new" for name in today if name not in trained_on]
    if changed or removed or new:
        serves = "rolls out as candidate" if key[-1] == "candidate" else "serves"
        lock = system.workspace.lock
        reason = system.metadata.accepts.get(codes.SIGNATURE.code)
        accepted = f"; accepted: {reason}" if reason else ""
        yield at(
            system,
            codes.SIGNATURE,
            _path(endpoint, "features"),
            f"version {version.version}, which `{endpoint.name}` {serves}, was trained on other inputs: "
            + ", ".join((*changed, *removed, *new))
            + accepted,
            help=f"train a version on the new set and run `mlopsctl lock --upgrade {endpoint.key}`, or revert the set "
            "until then; to render the new training first, give the reason in `metadata.accepts`",
            severity=Severity.WARNING if reason else None,
            related=(lock.key(*key, "signature", "inputs", label="inputs in training"),) if lock else (),
        )


def canary_rises(system: System) -> Iterator[Diagnostic]:
    """Require canary steps that increase and end with 100."""
    for endpoint in system.endpoints.values():
        rollout = endpoint.spec.rollout
        if rollout.strategy == "canary":
            rises = all(a < b for a, b in pairwise(rollout.steps))
            if not rises or rollout.steps[-1] != 100:
                rule = "end with 100" if rises else "increase"
                message = f"the canary steps of `{endpoint.name}` do not {rule}"
                yield at(system, codes.CANARY_STEPS, _path(endpoint, "rollout", "steps"), message, key=True)


def replicas(system: System) -> Iterator[Diagnostic]:
    """Require min <= max replicas, and min < max with autoscaling."""
    for endpoint in system.endpoints.values():
        low, high = endpoint.spec.replicas.min, endpoint.spec.replicas.max
        if high is not None and low > high:
            message = f"`{endpoint.name}` has a minimum of {low} replicas, above its maximum of {high}"
            related = (system.origin.value(*_path(endpoint, "replicas", "max"), label="the maximum"),)
            yield at(system, codes.REPLICAS, _path(endpoint, "replicas", "min"), message, related=related)
        elif system.origin.unreadable(*_path(endpoint, "replicas")):
            continue
        elif (
            endpoint.spec.autoscale and high in (None, low) and not overridden(system, *_path(endpoint)[1:], "replicas")
        ):
            message = f"`{endpoint.name}` has autoscaling, but its minimum and maximum are both {low}"
            yield at(system, codes.FIXED_AUTOSCALE, _path(endpoint, "autoscale"), message, key=True)


def _supports(system: System, ability: str) -> Capability:
    engine = system.engines.serving
    return engines.supports("serving", engine.engine, engine.version, ability, getattr(engine, "mode", ""))


def engine_can(system: System) -> Iterator[Diagnostic]:
    """Report scaling and rollouts that the serving engine does not support."""
    for endpoint in system.endpoints.values() if system.knows_engine("serving") else ():
        spec = endpoint.spec
        if spec.autoscale:
            able = _supports(system, f"autoscale.{spec.autoscale.metric}")
            if not able:
                message = f"{_engine(system)} cannot scale on {spec.autoscale.metric}: {able.why}"
                path = _path(endpoint, "autoscale", "metric")
                yield at(system, codes.AUTOSCALE_UNSUPPORTED, path, message, help=_instead(able))
        if spec.rollout.strategy != "direct":
            able = _supports(system, spec.rollout.strategy)
            if not able:
                message = f"{_engine(system)} cannot do a {spec.rollout.strategy} rollout: {able.why}"
                path = _path(endpoint, "rollout", "strategy")
                yield at(system, codes.ROLLOUT_UNSUPPORTED, path, message, help=_instead(able))
        if spec.replicas.min == 0 and not _supports(system, "scale-to-zero"):
            message = f"{_engine(system)} cannot scale `{endpoint.name}` to zero"
            yield at(system, codes.SCALE_TO_ZERO, _path(endpoint, "replicas", "min"), message)


def _engine(system: System) -> str:
    engine = system.engines.serving
    mode = f" in {engine.mode} mode" if hasattr(engine, "mode") else ""
    return f"{engine.engine} {engine.version}{mode}"


def _instead(able: Capability) -> str:
    return f"use {able.instead}" if able.instead else ""


RULES = (served_features_are_online, served_as_trained, canary_rises, replicas, engine_can)
