"""Checked relative paths: the only names a file of the output may have."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PART_BYTES = 255

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [port + digit for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
_GIT = frozenset({".git", "git~1"})
_UNPORTABLE = frozenset('\\<>:"|?*')
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class UnsafePath(ValueError):  # noqa: N818  the name says what the path is
    """A path that could leave the output folder, or that some system cannot hold."""


class SafePath(str):
    """A relative POSIX path of one or more plain parts, the same file on every system."""

    __slots__ = ()

    def __new__(cls, text: str) -> SafePath:
        """Check `text`; raise `UnsafePath` with the reason."""
        return text if type(text) is cls else cls.of(text)

    @classmethod
    def of(cls, text: str) -> SafePath:
        """Return the checked path; raise `UnsafePath` with the reason."""
        return _checked(str(text))

    @property
    def parts(self) -> tuple[str, ...]:
        """The names between the slashes."""
        return tuple(self.split("/"))

    @property
    def name(self) -> str:
        """The last part."""
        return self.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """Everything before the last slash; empty at the top."""
        return self.rpartition("/")[0]

    def under(self, folder: SafePath) -> SafePath:
        """Return this path inside `folder`; two checked paths join to a checked path."""
        return str.__new__(SafePath, f"{folder}/{self}")


@lru_cache(maxsize=8192)
def _checked(text: str) -> SafePath:
    for part in text.split("/"):
        if why := _fault(part):
            raise UnsafePath(f"{text!a}: {why}")
    return str.__new__(SafePath, text)


def _fault(part: str) -> str:
    """Return why `part` is not a safe name; empty when it is."""
    if _PLAIN.fullmatch(part) is None and (why := _unusual_part_fault(part)):
        return why
    if len(part) > PART_BYTES or len(part.encode("utf-8")) > PART_BYTES:
        return f"a part is longer than {PART_BYTES} bytes"
    folded = part.lower()
    if folded.partition(".")[0].rstrip(" ") in _DEVICES:
        return "a part is a device name on Windows"
    return "a part is reserved for git" if folded in _GIT else ""


def _unusual_part_fault(part: str) -> str:
    """Return why a part with unusual characters is rejected."""
    if part in {"", ".", ".."}:
        return "a part is empty, `.` or `..`"
    if part[-1] in ". ":
        return "a part ends in a dot or a space"
    for character in part:
        if character in _UNPORTABLE:
            return f"the character {character!a} is not allowed"
        if _invisible(character):
            return f"the invisible character {character!a} is not allowed"
    if not unicodedata.is_normalized("NFC", part):
        return "a part is not in Unicode form NFC"
    return ""


def _invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category in _HIDDEN or (category == "Zs" and character != " ")
