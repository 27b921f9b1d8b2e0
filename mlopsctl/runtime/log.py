"""What a step says while it runs: progress for a person, one JSON object a line for everything else.

In: sentences and plain values. Out: lines, with every secret's value masked. Never opens a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_SIGNS = {"info": "·", "warning": "!", "error": "✗"}


@dataclass(frozen=True, slots=True)
class Log:
    """Writes lines; `context` goes into every structured one."""

    write: Callable[[str], None]
    clock: Callable[[], datetime]
    structured: bool = True
    context: Mapping[str, str] = field(default_factory=dict)
    mask: Callable[[str], str] = str

    def say(self, message: str, **values: Any) -> None:
        """Tell how far the step is."""
        self._line("info", message, values)

    def warn(self, message: str, **values: Any) -> None:
        """Tell of something that did not stop the step."""
        self._line("warning", message, values)

    def fail(self, message: str, **values: Any) -> None:
        """Tell why the step ends."""
        self._line("error", message, values)

    def _line(self, level: str, message: str, values: Mapping[str, Any]) -> None:
        if not self.structured:
            self.write(self.mask(f"{_SIGNS[level]} {message}") + "\n")
            return
        moment = self.clock().isoformat(timespec="milliseconds")
        entry = {"time": moment, "level": level, **self.context, "message": message, **values}
        self.write(self.mask(json.dumps(entry, ensure_ascii=False, default=str)) + "\n")
