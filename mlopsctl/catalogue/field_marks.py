"""Marks of the spec's fields: the possible effect of a change.

Paths are those of plans: without `spec.`, with `workspace:` or `lock:` for those files, and `*` for a user's name.
Each new field needs a mark here, which `tests/unit/catalogue/test_field_marks.py` checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Final, NamedTuple


class Mark(Enum):
    """The part of the system that a field decides."""

    DATA = "data"
    """The trained model: rows, features, code, parameters, package. Part of the training fingerprint."""
    CHECK = "check"
    """Whether the trained model is accepted. Part of the training fingerprint as well."""
    SERVING = "serving"
    """Operation: endpoints, schedules, resources, monitors, alerts. Starts no training."""
    METADATA = "metadata"
    """Names, texts and bookkeeping. Nothing runs."""


class Fields(NamedTuple):
    """The fields of one section by mark, separated by blanks, as spelled in the spec."""

    data: str = ""
    check: str = ""
    serving: str = ""
    metadata: str = ""


_DESCRIBED: Final = "renamedFrom description"
_RESOURCES: Final = Fields(serving="cpu memory")
_GPU: Final = Fields(serving="count resource")
_DEFAULTS: Final = Fields(serving="image retries timeout routes runbook")
_STAGE: Final = Fields(check="suite")
_PODS: Final[Mapping[str, Fields]] = {
    "": Fields(serving="labels annotations serviceAccount imagePullSecrets env queue"),
    ".placement": Fields(serving="nodeSelector tolerations priorityClass topologySpread"),
    ".placement.affinity": Fields(serving="require avoid prefer near apart"),
    ".volumes.*": Fields(serving="claim configMap secret emptyDir sharedMemory path readOnly"),
}


def _pods(section: str) -> Mapping[str, Fields]:
    """Return the marks of the settings of pods below a section."""
    return {f"{section}{below}": fields for below, fields in _PODS.items()}


_CHECK: Final = Fields(check="check params conditions")
_LOCKED: Final = Fields(serving="version uri run snapshot package", metadata="digest replaces")
_SIGNATURE: Final = Fields(serving="inputs outputs")
# A patch changes rendered objects and no Blueprint: no training run depends on it.
_PATCH: Final = Fields(serving="matches json merge environments")
_EXTRA: Final = Fields(serving="file environments")
_TARGET: Final = Fields(serving="engine kind name")

_SYSTEM: Final[Mapping[str, Fields]] = {
    "": Fields(metadata="apiVersion kind output"),
    # Feature references contain the system's name.
    "metadata": Fields(data="name", metadata="owner tier description labels renamedFrom accepts"),
    "data.sources.*": Fields(
        data="type path table query warehouse eventTime createdTime",
        serving="cadence push lateness",
        metadata=f"{_DESCRIBED} tags",
    ),
    "data.sources.*.columns.*": Fields(data="type", check="nullable min max values", metadata="description"),
    "data.labels.*": Fields(data="source column delay"),
    "features.entities.*": Fields(data="key type", metadata=_DESCRIBED),
    "features.views.*": Fields(data="entity source ttl fields", serving="online", metadata=f"{_DESCRIBED} tags"),
    "features.views.*.materialize": Fields(serving="every"),
    "features.transforms.*": Fields(data="inputs function fields", metadata=_DESCRIBED),
    "features.sets.*": Fields(
        data="fields request transformOnly nullable unknownEntity outsideContract defaultAnswer", metadata=_DESCRIBED
    ),
    "model": Fields(data="task flavor features label params seed", serving="timeout", metadata="tags"),
    "model.code": Fields(data="image entrypoint command requirements"),
    "model.split": Fields(data="by holdout lag"),
    "model.resources": _RESOURCES,
    "model.resources.gpu": _GPU,
    "model.retrain": Fields(serving="onChange"),
    "model.retrain.schedule": Fields(serving="cron timezone"),
    "model.retrain.onDrift": Fields(serving="cooldown maxPerWeek"),
    "model.registry": Fields(data="name experiment alias"),
    "checks": Fields(check="engine"),
    "checks.data": _STAGE,
    "checks.data.checks.*": _CHECK,
    "checks.split": _STAGE,
    "checks.split.checks.*": _CHECK,
    "checks.model": _STAGE,
    "checks.model.checks.*": _CHECK,
    "checks.gates.*": Fields(check="min max maxDrop"),
    "checks.live": Fields(serving="every window"),
    "checks.live.drift.numerical": Fields(serving="method max"),
    "checks.live.drift.categorical": Fields(serving="method max"),
    "checks.live.quality": Fields(serving="metric min max delay"),
    # Whether features are looked up decides what the registered package does.
    "serving.endpoints.*": Fields(data="features", serving="model", metadata=_DESCRIBED),
    "serving.endpoints.*.replicas": Fields(serving="min max"),
    "serving.endpoints.*.autoscale": Fields(serving="metric target"),
    "serving.endpoints.*.resources": _RESOURCES,
    "serving.endpoints.*.resources.gpu": _GPU,
    "serving.endpoints.*.rollout": Fields(serving="strategy steps pause abortOn percent"),
    **_pods("serving.endpoints.*.pods"),
    **_pods("pods.*"),
    "alerts": Fields(serving="routes runbook"),
    "alerts.slos.*": Fields(serving="endpoint objective window threshold"),
    "alerts.freshness": Fields(serving="severity"),
    "alerts.drift": Fields(serving="severity"),
    "alerts.quality": Fields(serving="severity"),
    "alerts.training": Fields(serving="failed overdue"),
    "alerts.rules.*": Fields(serving="expr for severity summary labels", metadata="description"),
    "alerts.metrics.*": Fields(serving="type labels"),
    "extra.*": _EXTRA,
    "patches.*": _PATCH,
    "patches.*.target": _TARGET,
}
_WORKSPACE: Final[Mapping[str, Fields]] = {
    "workspace:": Fields(metadata="apiVersion kind systems output"),
    "workspace:metadata": Fields(serving="name", metadata="description labels annotations accepts"),
    "workspace:git": Fields(metadata="repository branch"),
    "workspace:environments.*": Fields(serving="cluster namespace promoteFrom protect"),
    "workspace:environments.*.defaults": _DEFAULTS,
    "workspace:environments.*.defaults.resources": _RESOURCES,
    "workspace:environments.*.defaults.resources.gpu": _GPU,
    **_pods("workspace:environments.*.defaults.pods.*"),
    "workspace:defaults": _DEFAULTS,
    "workspace:defaults.resources": _RESOURCES,
    "workspace:defaults.resources.gpu": _GPU,
    **_pods("workspace:defaults.pods.*"),
    "workspace:policies.*": Fields(metadata="require replicas.min registries"),
    # The registered package is built for its model server and feature server.
    "workspace:stack.features": Fields(data="engine server", serving="version registry project host secret timeTravel"),
    "workspace:stack.features.offline": Fields(serving="type connection database secret"),
    "workspace:stack.features.online": Fields(serving="type connection database secret"),
    "workspace:stack.features.connectors": Fields(serving="bigquery snowflake redshift postgres"),
    "workspace:stack.pipelines": Fields(serving="engine version serviceAccount endpoint edition queue cache"),
    "workspace:stack.pipelines.artifacts": Fields(serving="withoutLogs"),
    "workspace:stack.pipelines.artifacts.s3": Fields(serving="bucket endpoint region secret insecure ca"),
    "workspace:stack.pipelines.artifacts.gcs": Fields(serving="bucket secret"),
    "workspace:stack.registry": Fields(data="engine uri", serving="version project secret"),
    "workspace:stack.checks": Fields(check="engine version"),
    "workspace:stack.serving": Fields(
        data="engine version", serving="secret prometheus mode serviceAccount image nodeGroups"
    ),
    "workspace:stack.monitoring": Fields(serving="engine version labels pushgateway"),
    "workspace:stack.dashboards": Fields(serving="engine version folder labels"),
    "workspace:stack.delivery": Fields(serving="engine version project namespace"),
    "workspace:stack.ci": Fields(metadata="engine requirements"),
    "workspace:stack.secrets": Fields(serving="engine prefix"),
    "workspace:stack.secrets.store": Fields(serving="kind name"),
    "workspace:extra.*": _EXTRA,
    "workspace:patches.*": _PATCH,
    "workspace:patches.*.target": _TARGET,
}
_LOCK: Final[Mapping[str, Fields]] = {
    "lock:": Fields(metadata="apiVersion kind"),
    "lock:metadata": Fields(metadata="name"),
    # The digest of the training image.
    "lock:environments.*": Fields(data="images"),
    "lock:environments.*.models.*": _LOCKED,
    "lock:environments.*.models.*.signature": _SIGNATURE,
    "lock:environments.*.models.*.candidate": _LOCKED,
    "lock:environments.*.models.*.candidate.signature": _SIGNATURE,
}
SECTIONS: Final[Mapping[str, Fields]] = {**_SYSTEM, **_WORKSPACE, **_LOCK}

INDIRECT: Final[frozenset[str]] = frozenset({"overrides", "workspace:environments.*.vars"})
"""Fields that only provide values of other fields, whose marks apply."""


def marks() -> dict[str, list[Mark]]:
    """Return the marks of each field's path; a correct table has exactly one per path."""
    by_path: dict[str, list[Mark]] = {}
    for section, fields in SECTIONS.items():
        for mark in Mark:
            for name in getattr(fields, mark.value).split():
                by_path.setdefault(joined(section, name), []).append(mark)
    return by_path


def joined(section: str, name: str) -> str:
    """Return the path of a field of a section."""
    return f"{section}.{name}" if section and not section.endswith(":") else f"{section}{name}"


def mark(path: str) -> Mark | None:
    """Return the mark of the field at or above `path`; None for the path of a whole section."""
    parts = _parts(path)
    for end in range(len(parts), 0, -1):
        for pattern, field_mark in _by_length().get(end, ()):
            if all(want in ("*", part) for want, part in zip(pattern, parts[:end], strict=True)):
                return field_mark
    return None


@cache
def _by_length() -> Mapping[int, list[tuple[tuple[str, ...], Mark]]]:
    """Return the patterns by their number of parts."""
    by_length: dict[int, list[tuple[tuple[str, ...], Mark]]] = {}
    for path, (first, *_) in marks().items():
        by_length.setdefault(len(_parts(path)), []).append((_parts(path), first))
    return by_length


def _parts(path: str) -> tuple[str, ...]:
    """Split a path; its file prefix, as in `lock:environments`, is a separate part."""
    file, colon, rest = path.rpartition(":")
    return tuple([f"{file}{colon}"] * bool(colon) + rest.split("."))
