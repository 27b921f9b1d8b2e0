"""Which text a second program would take for a template.

In: text. Out: the markers it holds, and who would read them. Never changes text.
"""

from __future__ import annotations

from typing import Final

MARKERS: Final[dict[str, str]] = {
    "${{": "GitHub Actions",
    "{{": "Argo Workflows, Kubeflow Pipelines, Polyaxon, Prometheus and Helm",
    "{%": "Jinja and Polyaxon",
    "[[": "Grafana",
    "$(": "Kubernetes and shells",
    "${": "Kustomize, Grafana and shells",
}


def template_markers(text: str) -> tuple[str, ...]:
    """Return the markers that the text holds, in the order of `MARKERS`."""
    return tuple([marker for marker in MARKERS if marker in text])
