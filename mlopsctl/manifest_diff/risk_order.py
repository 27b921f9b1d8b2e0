"""Order changes by risk: deletions first, then serving, then the rest."""

from __future__ import annotations

from typing import Final

from mlopsctl.manifest_diff.model import Entry, Verdict

_VERDICTS: Final[tuple[Verdict, ...]] = ("removed", "replaced", "changed", "moved", "added")
_KINDS: Final[tuple[tuple[str, ...], ...]] = (
    ("InferenceService", "SeldonDeployment", "Model", "Pipeline", "Experiment", "HorizontalPodAutoscaler"),
    ("AppProject", "Application", "Role", "RoleBinding", "ServiceAccount", "ExternalSecret", "Secret"),
    ("WorkflowTemplate", "CronWorkflow", "Workflow", "PipelineVersion", "ScheduledWorkflow", "CronJob", "Job"),
    ("PrometheusRule", "AlertmanagerConfig", "PodMonitor", "ServiceMonitor"),
    ("ConfigMap", ""),
)
_RANK: Final = {kind: rank for rank, kinds in enumerate(_KINDS) for kind in kinds}


def danger(entry: Entry) -> tuple[int, int, str, str, str, str, str]:
    """Return a sort key: riskiest first, then by place."""
    place = (entry.environment, entry.unit, entry.file, entry.kind, entry.name)
    return (_VERDICTS.index(entry.verdict), _RANK.get(entry.kind, len(_KINDS)), *place)
