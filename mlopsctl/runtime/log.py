"""The log of a step: text for a terminal, one JSON object per line otherwise; and libraries kept out of it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import Any

from mlopsctl.diagnostics.render.visible import visible

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
        """Log progress."""
        self._line("info", message, values)

    def warn(self, message: str, **values: Any) -> None:
        """Log a warning."""
        self._line("warning", message, values)

    def fail(self, message: str, **values: Any) -> None:
        """Log the error that ends the step."""
        self._line("error", message, values)

    def _line(self, level: str, message: str, values: Mapping[str, Any]) -> None:
        if not self.structured:
            self.write(visible(self.mask(f"{_SIGNS[level]} {message}")) + "\n")
            return
        moment = self.clock().isoformat(timespec="milliseconds")
        entry = {"time": moment, "level": level, **self.context, "message": message, **values}
        self.write(encoded(self.mask(json.dumps(entry, ensure_ascii=False, default=str))) + "\n")


def encoded(text: str) -> str:
    r"""Return JSON text whose control and direction characters are escapes: `\u009b`, `\u202e`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


@contextmanager
def quiet() -> Iterator[None]:
    """Suppress a library's output and warnings: the step logs its own line."""
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
