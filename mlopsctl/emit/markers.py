"""Find what a second program would take for a template in a user's text.

In: text. Out: the markers it holds, or text that a Go template renders as it stands. Never changes text that
is to be refused.
"""

from __future__ import annotations

import re

# What opens or closes a template or a variable, and who reads it.
MARKERS: dict[str, str] = {
    "${{": "GitHub Actions",
    "{{": "Argo Workflows, Kubeflow Pipelines, Prometheus, Helm, Jinja",
    "}}": "Argo Workflows, Kubeflow Pipelines, Prometheus, Helm, Jinja",
    "{%": "Jinja",
    "%}": "Jinja",
    "{#": "Jinja",
    "#}": "Jinja",
    "[[": "Grafana",
    "$(": "Kubernetes, Tekton, shells",
    "${": "Kustomize, Grafana, shells",
}
# A brace at the end could meet the brace of a template that is written after it.
_OPENING = re.compile(r"\{{2,}|\{\Z")


def template_markers(text: str) -> tuple[str, ...]:
    """Return the markers that the text holds, in the order of `MARKERS`."""
    return tuple([marker for marker in MARKERS if marker in text])


def go_template_literal(text: str) -> str:
    """Escape text for a Go template (an annotation of a Prometheus alert), which renders it unchanged."""
    return _OPENING.sub(lambda found: '{{ "' + found[0] + '" }}', text)
