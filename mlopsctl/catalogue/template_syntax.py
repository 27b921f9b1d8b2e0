"""Detect text that another program would evaluate as a template."""

from __future__ import annotations

from typing import Final

MARKERS: Final[dict[str, str]] = {
    "${{": "GitHub Actions",
    "{{": "Argo Workflows, Kubeflow Pipelines, Polyaxon, Prometheus and Helm",
    "{%": "Jinja and Polyaxon",
    "[[": "Grafana",
    "$(": "Kubernetes and shells",
    "$$": "Kubernetes, which replaces it with a single `$`",
    "${": "Kustomize, Grafana and shells",
}


def template_markers(text: str) -> tuple[str, ...]:
    """Return the markers in the text, in the order of `MARKERS`."""
    return tuple([marker for marker in MARKERS if marker in text])
