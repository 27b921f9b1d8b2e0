"""Escape text so that a Go template (an annotation of a Prometheus alert) renders it unchanged."""

from __future__ import annotations

import re

# A brace at the end could form a delimiter with a brace that follows.
_OPENING = re.compile(r"\{{2,}|\{\Z")


def go_template_literal(text: str) -> str:
    """Escape text for a Go template (an annotation of a Prometheus alert), which renders it unchanged."""
    return _OPENING.sub(lambda match: '{{ "' + match[0] + '" }}', text)
