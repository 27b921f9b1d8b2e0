"""Decide the pods of steps and endpoints: the settings of all scopes that apply, as the Blueprint holds them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mlopsctl.blueprint.model import pods as model
from mlopsctl.resolve import model as resolved
from mlopsctl.resolve import pods as layers
from mlopsctl.spec import pods as spec


def of_step(system: resolved.System, verb: str, permissions: tuple[str, ...]) -> model.Pod:
    """Decide the pod of a step. One with rights keeps its own account, unless its kind names another."""
    of_kind = layers.of_steps(system, verb)
    pod = _pod(layers.merged(of_kind), queued=True)
    if not permissions:
        return pod
    own = [layer for layer in of_kind if layer.path[-1] == layers.scope(verb)]
    return _plain(replace(pod, service_account=layers.merged(own).service_account))


def of_pipeline(system: resolved.System) -> model.Pod:
    """Decide the pod of what an engine adds to the steps. It keeps its account and takes nothing from a queue."""
    return _plain(replace(_pod(layers.merged(layers.of_steps(system)), queued=False), service_account=None))


def of_endpoint(system: resolved.System, endpoint: resolved.Endpoint) -> model.Pod:
    """Decide the pods of an endpoint."""
    return _pod(layers.merged(layers.of_endpoint(system, endpoint)), queued=False)


def _pod(settings: spec.PodSettings, *, queued: bool) -> model.Pod:
    placement = settings.placement
    return _plain(
        model.Pod(
            labels=settings.labels,
            annotations=settings.annotations,
            service_account=settings.service_account,
            pull_secrets=settings.image_pull_secrets,
            node_selector=placement.node_selector,
            tolerations=tuple(
                model.Toleration(each.key, each.value, each.effect or "", each.seconds)
                for each in placement.tolerations
            ),
            nodes=tuple(_nodes(placement.affinity)) if placement.affinity else (),
            pods=tuple(_pods(placement.affinity)) if placement.affinity else (),
            priority_class=placement.priority_class,
            spread=tuple(
                model.SpreadRule(each.topology, each.max_skew, each.required) for each in placement.topology_spread
            ),
            environment=tuple(_variable(name, value) for name, value in settings.env.items()),
            volumes=tuple(_volume(name, volume) for name, volume in settings.volumes.items()),
            queue=settings.queue if queued else None,
        )
    )


def _plain(pod: model.Pod) -> model.Pod:
    """Return the one default for a pod without settings, which the JSON leaves out."""
    return model.PLAIN if pod == model.PLAIN else pod


def _nodes(affinity: spec.PodAffinity) -> Iterator[model.NodeTerm]:
    yield from (model.NodeTerm("require", key, values) for key, values in affinity.require.items())
    yield from (model.NodeTerm("avoid", key, values) for key, values in affinity.avoid.items())
    yield from (model.NodeTerm("prefer", key, values) for key, values in affinity.prefer.items())


def _pods(affinity: spec.PodAffinity) -> Iterator[model.PodTerm]:
    yield from (model.PodTerm("near", term.labels, term.topology, term.required) for term in affinity.near)
    yield from (model.PodTerm("apart", term.labels, term.topology, term.required) for term in affinity.apart)


def _variable(name: str, value: spec.EnvValue) -> model.EnvironmentVariable:
    if value.secret:
        return model.EnvironmentVariable(name, None, value.secret, value.key)
    return model.EnvironmentVariable(name, value.value)


def _volume(name: str, volume: spec.PodVolume) -> model.Volume:
    return model.Volume(name, volume.kind, volume.source, volume.mount_path, volume.is_read_only)
