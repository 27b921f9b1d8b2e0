"""Pods: where and how the containers of steps and endpoints run, by kind of step and by endpoint."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from msgspec import Struct
from pydantic import AfterValidator, Field, model_validator

from mlopsctl.spec import references, scalars, texts
from mlopsctl.spec.stack.words import SecretName
from mlopsctl.spec.words import Label, LabelValue, Memory, Name, Section, Text

_SUBDOMAIN = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*"
_OURS = ("mlopsctl.dev/", "app.kubernetes.io/", "argocd.argoproj.io/")
_SECRET_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}", re.ASCII)


def _free(key: str) -> str:
    """Reject the keys of labels and annotations that mlopsctl sets itself."""
    if key.startswith(_OURS):
        message = f"`{key}` has a prefix that mlopsctl sets itself"
        raise scalars.fail("name", message, "use a prefix of your own, as acme.com/cost-center, or none")
    return key


_KEY = scalars.matching(
    rf"(?:(?=[^/]{{1,253}}/){_SUBDOMAIN}/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?",
    "a label key",
    "write name or prefix/name: a DNS prefix, and at most 63 letters, digits, `-`, `_` and `.`",
    limit=317,
)
LabelKey = Annotated[str, _KEY]
FreeKey = Annotated[str, _KEY, AfterValidator(_free)]
ObjectName = Annotated[
    str,
    scalars.matching(_SUBDOMAIN, "the name of an object", "use lower-case letters, digits, `-` and `.`"),
]
VariableName = Annotated[
    str,
    scalars.matching(r"[A-Za-z_][A-Za-z0-9_]*", "a variable name", "use letters, digits and `_`"),
]
MountPath = Annotated[
    str,
    scalars.matching(
        r"(?!.*/\.\.?(?:/|$))(?:/[A-Za-z0-9._@+-]+)+",
        "a mount path",
        "write an absolute path, as /cache",
        kind="value",
        limit=1000,
    ),
]


class EnvValue(Struct, frozen=True):
    """The value of a variable: a text, or a key of a secret."""

    value: str = ""
    secret: str = ""
    key: str = ""


def _env_value(value: Any) -> EnvValue:
    """Parse a text, a whole number or a boolean; or `{secret: NAME, key: KEY}`."""
    if isinstance(value, bool):
        return EnvValue("true" if value else "false")
    if isinstance(value, dict):
        if set(value) != {"secret", "key"}:
            raise scalars.fail(
                "value", "a secret reference has exactly `secret` and `key`", "write {secret: S, key: K}"
            )
        if not (isinstance(value["key"], str) and _SECRET_KEY.fullmatch(value["key"])):
            raise scalars.fail("secret", "this is not a key of a secret", "write the key's name, as token")
        return EnvValue(secret=references.parse_secret_name(value["secret"]), key=value["key"])
    return EnvValue(str(value) if isinstance(value, int) else texts.parse_text(value))


_ENV_SCHEMA = {
    "anyOf": [
        {"type": ["string", "integer", "boolean"]},
        {
            "type": "object",
            "properties": {
                "secret": {**references.SECRET_NAME_SCHEMA, "description": "The name of a Secret of the namespace."},
                "key": {"type": "string", "maxLength": 253, "description": "A key of the Secret."},
            },
            "required": ["secret", "key"],
            "additionalProperties": False,
        },
    ]
}
Env = dict[VariableName, Annotated[EnvValue, scalars.scalar(_env_value, _ENV_SCHEMA)]]
NodeLabels = dict[LabelKey, Annotated[tuple[LabelValue, ...], Field(min_length=1, strict=False)]]


class Toleration(Section):
    """A taint that the pods tolerate."""

    key: LabelKey
    """The taint's key."""
    value: LabelValue | None = None
    """The taint's value; left out, any."""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """The taint's effect; left out, any."""
    seconds: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """How long a pod stays on a node after a NoExecute taint; left out, for good."""

    @model_validator(mode="after")
    def _stays(self) -> Toleration:
        if self.seconds is not None and self.effect != "NoExecute":
            raise scalars.fail("value", "`seconds` needs the effect NoExecute", "add `effect: NoExecute`")
        return self


class PodTerm(Section):
    """Other pods, by their labels, that the pods run near to or apart from."""

    labels: Annotated[dict[LabelKey, LabelValue], Field(min_length=1)]
    """Labels of the other pods."""
    topology: LabelKey = "kubernetes.io/hostname"
    """The node label whose values are the places: a node, or as topology.kubernetes.io/zone a zone."""
    required: bool = False
    """Whether a pod waits until it can be so; otherwise the scheduler prefers it."""


class PodAffinity(Section):
    """Nodes by their labels, and other pods by theirs."""

    require: NodeLabels = {}
    """Node labels with the values of which a node must have one."""
    avoid: NodeLabels = {}
    """Node labels with the values that a node must not have."""
    prefer: NodeLabels = {}
    """Node labels with the values that the scheduler prefers."""
    near: Annotated[tuple[PodTerm, ...], Field(strict=False)] = ()
    """Pods to run near to."""
    apart: Annotated[tuple[PodTerm, ...], Field(strict=False)] = ()
    """Pods to run apart from."""


class TopologySpread(Section):
    """How evenly the pods of an endpoint, or of a system's steps, are spread."""

    topology: LabelKey
    """The node label whose values are the places, as topology.kubernetes.io/zone."""
    max_skew: Annotated[int, Field(ge=1, le=1000)] = 1
    """The most pods that one place may have more than another."""
    required: bool = False
    """Whether a pod waits until it can be so; otherwise the scheduler prefers it."""


class PodPlacement(Section):
    """Which nodes the pods run on."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels that a node must have."""
    tolerations: Annotated[tuple[Toleration, ...], Field(strict=False)] = ()
    """Taints that the pods tolerate."""
    affinity: PodAffinity | None = None
    """Nodes and other pods, by their labels."""
    priority_class: ObjectName | None = None
    """The PriorityClass."""
    topology_spread: Annotated[tuple[TopologySpread, ...], Field(strict=False)] = ()
    """How evenly the pods are spread."""


VolumeKind = Literal["claim", "config_map", "secret", "empty_dir", "shared_memory"]
_VOLUME_KINDS: tuple[VolumeKind, ...] = ("claim", "config_map", "secret", "empty_dir", "shared_memory")


class PodVolume(Section):
    """A volume of the pods; exactly one of `claim`, `configMap`, `secret`, `emptyDir` and `sharedMemory`."""

    claim: ObjectName | None = None
    """A PersistentVolumeClaim."""
    config_map: ObjectName | None = None
    """A ConfigMap, one file a key."""
    secret: SecretName | None = None
    """A Secret, one file a key."""
    empty_dir: Memory | None = None
    """The size of a folder that is new for each pod."""
    shared_memory: Memory | None = None
    """The size of a folder in memory, which counts against the container's memory; at /dev/shm unless `path` is set."""
    path: MountPath | None = None
    """Where the container finds it."""
    read_only: bool = False
    """Whether the container can only read; a ConfigMap and a Secret are always read-only."""

    @property
    def mount_path(self) -> str:
        """Where the container finds it."""
        return self.path or "/dev/shm"  # noqa: S108 - a path inside the container

    @property
    def kind(self) -> VolumeKind:
        """Which of the five it is."""
        return next(kind for kind in _VOLUME_KINDS if getattr(self, kind) is not None)

    @property
    def source(self) -> str:
        """The name of its object, or its size."""
        return str(getattr(self, self.kind))

    @property
    def is_read_only(self) -> bool:
        """Whether the container can only read it."""
        return self.read_only or self.kind in ("config_map", "secret")

    @model_validator(mode="after")
    def _one_source(self) -> PodVolume:
        if sum(getattr(self, kind) is not None for kind in _VOLUME_KINDS) != 1:
            message = "a volume needs exactly one of `claim`, `configMap`, `secret`, `emptyDir` and `sharedMemory`"
            raise scalars.fail("value", message, "give one of the five")
        if self.path is None and self.shared_memory is None:
            raise scalars.fail("value", "the volume has no `path`", "add `path: /cache`")
        return self


class PodSettings(Section):
    """Where and how pods run."""

    labels: dict[FreeKey, LabelValue] = {}
    """Labels of the pods."""
    annotations: dict[FreeKey, Text] = {}
    """Annotations of the pods."""
    service_account: Label | None = None
    """An existing service account that the pods run as."""
    image_pull_secrets: Annotated[tuple[SecretName, ...], Field(strict=False)] = ()
    """Secrets with which images are pulled."""
    placement: PodPlacement = PodPlacement.model_construct(
        node_selector={}, tolerations=(), affinity=None, priority_class=None, topology_spread=()
    )
    """Which nodes the pods run on."""
    env: Env = {}
    """Variables of the containers: a text, or `{secret: NAME, key: KEY}`."""
    volumes: dict[Name, PodVolume] = {}
    """Volumes of the containers, by name."""
    queue: ObjectName | None = None
    """The LocalQueue of Kueue that admits the pods of steps."""


PodScope = Literal[
    "all", "steps", "endpoints", "materialize", "buildDataset", "checkData", "split", "checkSplit", "train",
    "evaluate", "checkModel", "gate", "register", "monitor", "requestTraining", "shiftTraffic", "watchObjectives",
]  # fmt: skip
"""All pods, those of all steps or endpoints, or those of a kind of step."""
Pods = dict[PodScope, PodSettings]
"""Settings by scope. The more specific scope takes precedence."""
