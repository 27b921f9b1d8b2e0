"""Build the argument list of a program, without a shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from mlopsctl.emit.characters import Escapes, all_visible

_ESCAPES = Escapes({"\\": "\\\\", "'": "\\'", "\t": "\\t", "\n": "\\n", "\r": "\\r"}, 0x110000)


def argv(*parts: str) -> list[str]:
    """Return the words as a list.

    Raises ValueError for an empty word and for one with a NUL byte, which no operating system can pass,
    and TypeError for anything but text.
    """
    for part in parts:
        if not isinstance(part, str):
            raise TypeError(f"a word of a command must be text, not {type(part).__name__}")
        if not part:
            raise ValueError("a word of a command is empty")
        if "\0" in part:
            raise ValueError("a word of a command holds a NUL character")
    return [str.__str__(part) for part in parts]


def shell_line(arguments: Sequence[str]) -> str:
    """Return the words as one line of POSIX shell, for text that people read.

    Control and other invisible characters are escaped in `$'...'`, so that no terminal interprets them.
    """
    return " ".join(
        [
            shlex.quote(argument) if all_visible(argument) else f"$'{argument.translate(_ESCAPES)}'"
            for argument in arguments
        ]
    )
