"""Decode bytes to text: strict UTF-8 without invisible or misleading characters."""

from __future__ import annotations

import re
from itertools import islice

from mlopsctl.diagnostics.codes import reading
from mlopsctl.diagnostics.model import Diagnostic, Place, Severity, Span
from mlopsctl.source.limits import limits_of
from mlopsctl.source.lines import BYTE_ORDER_MARK, span_at

CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff"
# Line breaks in YAML 1.1 but not in 1.2, and characters that change the text direction.
MISLEADING = {
    "\x85": "NEXT LINE",
    "\u2028": "LINE SEPARATOR",
    "\u2029": "PARAGRAPH SEPARATOR",
    "\u061c": "ARABIC LETTER MARK",
    "\u202a": "LEFT-TO-RIGHT EMBEDDING",
    "\u202b": "RIGHT-TO-LEFT EMBEDDING",
    "\u202c": "POP DIRECTIONAL FORMATTING",
    "\u202d": "LEFT-TO-RIGHT OVERRIDE",
    "\u202e": "RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "LEFT-TO-RIGHT ISOLATE",
    "\u2067": "RIGHT-TO-LEFT ISOLATE",
    "\u2068": "FIRST STRONG ISOLATE",
    "\u2069": "POP DIRECTIONAL ISOLATE",
    BYTE_ORDER_MARK: "ZERO WIDTH NO-BREAK SPACE",
}
FORBIDDEN = re.compile(f"[{CONTROLS}{''.join(MISLEADING)}]")
MAX_REPORTED = 10
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the text of a file; None if it must not be parsed."""
    if len(data) > limits_of(file).bytes:
        return None, (too_large(file, len(data)),)
    if data.startswith(UTF16_MARKS) or b"\0" in data[:2]:
        place = Place(Span(file, 1, 1, 1, 1))
        return None, (reading.NOT_UTF8.at(place, "the file looks like UTF-16"),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (not_utf8(data, file, error.start),)
    marked = text.startswith(BYTE_ORDER_MARK)
    text = text.removeprefix(BYTE_ORDER_MARK)
    findings = [forbidden(file, text, m) for m in islice(FORBIDDEN.finditer(text), MAX_REPORTED)]
    if marked:
        place = Place(Span(file, 1, 1, 1, 1))
        findings.insert(0, reading.BYTE_ORDER_MARK.at(place, "the file begins with a byte order mark"))
    stop = any(finding.severity is Severity.ERROR for finding in findings)
    return None if stop else text, tuple(findings)


def too_large(file: str, size: int) -> Diagnostic:
    """Report a file beyond the limit."""
    place = Place(Span(file, 1, 1, 1, 1))
    return reading.TOO_LARGE.at(place, f"the file has {size:,} bytes, and the limit is {limits_of(file).bytes:,}")


def not_utf8(data: bytes, file: str, start: int) -> Diagnostic:
    """Report the first byte that is not UTF-8."""
    before = data[:start].decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    place = Place(span_at(file, before, len(before)), "this byte")
    return reading.NOT_UTF8.at(place, f"byte 0x{data[start]:02x} is not UTF-8")


def forbidden(file: str, text: str, match: re.Match[str]) -> Diagnostic:
    """Report a character that is not allowed in a file."""
    character = match[0]
    place = Place(span_at(file, text, match.start()))
    if name := MISLEADING.get(character):
        return reading.MISLEADING_CHARACTER.at(place, f"invisible character {codepoint(character)} {name}")
    return reading.CONTROL_CHARACTER.at(place, f"control character {codepoint(character)}")


def codepoint(character: str) -> str:
    """Return a character's code point: `U+202E`."""
    return f"U+{ord(character):04X}"
