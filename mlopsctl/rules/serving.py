"""Serving: features that are online, rollouts and scaling that the engine can do, the model that was trained so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mlopsctl.catalogue import engines
from mlopsctl.diagnostics.codes import serving as codes
from mlopsctl.diagnostics.model import Diagnostic
from mlopsctl.resolve.model import Endpoint, System, lock_spec
from mlopsctl.rules.finding import at, overridden


def _path(endpoint: Endpoint, *rest: str) -> tuple[str, ...]:
    return ("spec", "serving", "endpoints", endpoint.name, *rest)


def served_features_are_online(system: System) -> Iterator[Diagnostic]:
    """What an endpoint looks up must be in the online store."""
    for endpoint in system.endpoints.values():
        for view in endpoint.features.views if endpoint.features else ():
            if view.whole and not view.spec.served:
                whose = "" if view.system == system.name else f" of system `{view.system}`"
                yield at(
                    system,
                    codes.OFFLINE_FEATURE,
                    _path(endpoint, "features"),
                    f"endpoint `{endpoint.name}` looks up view `{view.name}`{whose}, which is not online",
                    label="asks with this set",
                    related=(
                        (system.origin.key("spec", "features", "views", view.name, label="is read offline only"),)
                        if view.system == system.name
                        else ()
                    ),
                )


def served_as_trained(system: System) -> Iterator[Diagnostic]:
    """An endpoint must ask with the set the model is trained on, and the locked version must know its inputs."""
    training = system.training
    for endpoint in system.endpoints.values():
        if training and endpoint.features and endpoint.features is not training.features:
            yield at(
                system,
                codes.OTHER_SET,
                _path(endpoint, "features"),
                f"endpoint `{endpoint.name}` asks with `{endpoint.features.name}`, "
                f"and the model is trained on `{training.features.name}`",
                related=(system.origin.value("spec", "model", "features", label="what it is trained on"),),
            )
        elif endpoint.features:
            yield from _signature(system, endpoint)


def _signature(system: System, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Compare the inputs that the locked versions were trained on with what the set hands them today."""
    asked = ("spec", "features", "sets", endpoint.features.name) if endpoint.features else ()
    if not endpoint.features or not endpoint.features.whole or system.origin.unreadable(*asked):
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
    today = {feature.name: feature.type for feature in endpoint.features.features} | dict(
        endpoint.features.spec.request
    )
    known = version.signature.inputs
    changed = [f"`{n}` was {kind} and is {today[n]}" for n, kind in known.items() if n in today and today[n] != kind]
    gone = [f"`{name}` is gone" for name in known if name not in today]
    new = [f"`{name}` is new" for name in today if name not in known]
    if changed or gone or new:
        serves = "takes in as candidate" if key[-1] == "candidate" else "serves"
        lock = system.workspace.lock
        yield at(
            system,
            codes.SIGNATURE,
            _path(endpoint, "features"),
            f"version {version.version}, which `{endpoint.name}` {serves}, was trained on other inputs: "
            + ", ".join((*changed, *gone, *new)),
            help=f"train a version on today's set and run `mlopsctl lock --upgrade {endpoint.key}`, or change the set "
            "back until then",
            related=(lock.key(*key, "signature", "inputs", label="what it was trained on"),) if lock else (),
        )


def canary_rises(system: System) -> Iterator[Diagnostic]:
    """Canary steps must rise to 100."""
    for endpoint in system.endpoints.values():
        rollout = endpoint.spec.rollout
        if rollout.strategy == "canary":
            rises = all(a < b for a, b in pairwise(rollout.steps))
            if not rises or rollout.steps[-1] != 100:
                what = "end with 100" if rises else "rise"
                message = f"the canary steps of `{endpoint.name}` do not {what}"
                yield at(system, codes.CANARY_STEPS, _path(endpoint, "rollout", "steps"), message, key=True)


def replicas(system: System) -> Iterator[Diagnostic]:
    """The minimum must not be above the maximum, and scaling needs room."""
    for endpoint in system.endpoints.values():
        low, high = endpoint.spec.replicas.min, endpoint.spec.replicas.max
        if high is not None and low > high:
            message = f"`{endpoint.name}` wants at least {low} copies and at most {high}"
            related = (system.origin.value(*_path(endpoint, "replicas", "max"), label="the most"),)
            yield at(system, codes.REPLICAS, _path(endpoint, "replicas", "min"), message, related=related)
        elif system.origin.unreadable(*_path(endpoint, "replicas")):
            continue
        elif (
            endpoint.spec.autoscale and high in (None, low) and not overridden(system, *_path(endpoint)[1:], "replicas")
        ):
            message = f"`{endpoint.name}` scales between {low} and {low} copies"
            yield at(system, codes.FIXED_AUTOSCALE, _path(endpoint, "autoscale"), message, key=True)


def _supports(system: System, ability: str) -> engines.Ability:
    engine = system.engines.serving
    return engines.supports("serving", engine.engine, engine.version, ability, getattr(engine, "mode", ""))


def engine_can(system: System) -> Iterator[Diagnostic]:
    """Scaling and rollout must be the engine's."""
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


def _instead(able: engines.Ability) -> str:
    return f"use {able.instead}" if able.instead else ""


RULES = (served_features_are_online, served_as_trained, canary_rises, replicas, engine_can)
