"""The Kubernetes API, for the steps that change objects in the cluster.

Every change tests that the object is unchanged since it was read, so that two rollouts cannot revert each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.step_context import StepContext, StepFailed

_ATTEMPTS = 3
_CHANGED = (409, 422)


class Kind(NamedTuple):
    """A kind of object, as named in the API's paths."""

    group: str
    version: str
    plural: str


WORKFLOW = Kind("argoproj.io", "v1alpha1", "workflows")


def objects(step_context: StepContext) -> Any:
    """Open the API of custom objects."""
    from kubernetes import client, config

    try:
        if step_context.environ.get("KUBERNETES_SERVICE_HOST"):
            config.load_incluster_config()
        else:
            config.load_kube_config(step_context.environ.get("KUBECONFIG"))
    except config.ConfigException as error:
        message = f"cannot connect to a cluster: {first_line(error)}"
        raise StepFailed(f"{message}; run this step in a pod or with a kubeconfig") from error
    return client.CustomObjectsApi()


def read(step_context: StepContext, api: Any, kind: Kind, name: str) -> Mapping[str, Any]:
    """Read an object."""
    from kubernetes.client import ApiException

    try:
        obj: Mapping[str, Any] = api.get_namespaced_custom_object(
            *kind[:2], step_context.blueprint.place.namespace, kind.plural, name
        )
    except ApiException as error:
        raise api_failure(step_context, error, f"read {kind.plural}/{name}") from error
    return obj


def change(
    step_context: StepContext,
    api: Any,
    kind: Kind,
    name: str,
    edit: Callable[[Mapping[str, Any]], list[dict[str, Any]]],
) -> bool:
    """Change an object by a JSON patch computed from its current state; False if there is nothing to change."""
    from kubernetes.client import ApiException

    for attempt in range(_ATTEMPTS):
        now = read(step_context, api, kind, name)
        operations = edit(now)
        if not operations:
            return False
        version = {"op": "test", "path": "/metadata/resourceVersion", "value": now["metadata"]["resourceVersion"]}
        namespace = step_context.blueprint.place.namespace
        try:
            _patching(api).patch_namespaced_custom_object(
                *kind[:2], namespace, kind.plural, name, [version, *operations]
            )
        except ApiException as error:
            if error.status in _CHANGED and attempt + 1 < _ATTEMPTS:
                continue
            raise api_failure(step_context, error, f"change {kind.plural}/{name}") from error
        return True
    raise AssertionError("unreachable")


def _patching(api: Any) -> Any:
    """Return the API with the header of a JSON patch; its default is a merge patch."""
    from kubernetes import client

    opened = client.ApiClient(api.api_client.configuration)
    opened.set_default_header("Content-Type", "application/json-patch+json")
    return client.CustomObjectsApi(opened)


def api_failure(step_context: StepContext, error: Any, operation: str) -> StepFailed:
    """Return the error for a failed operation."""
    place = step_context.blueprint.place.namespace
    if error.status == 404:
        return StepFailed(f"cannot {operation}: not found in namespace `{place}`")
    if error.status in (401, 403):
        return StepFailed(f"cannot {operation} in namespace `{place}`: the step's service account lacks the permission")
    return StepFailed(f"cannot {operation} in namespace `{place}`: the API responded {error.status} {error.reason}")
