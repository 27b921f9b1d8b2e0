"""Nothing that comes from outside steers a terminal: one function is the way to it, and no other code prints.

The oracle is the set of control characters itself: none but line ends and tabs may come out.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mlopsctl.cli.terminal import printable
from mlopsctl.runtime.log import encoded

PACKAGE = Path(__file__).resolve().parents[2] / "mlopsctl"
STEERING = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    "\u202e",
    "\u2066",
    "\ufeff",
    "\x1b]0;title\x07",
    "\x1b[8m",
]


@pytest.mark.parametrize("steering", [character for character in STEERING if character not in "\n\t"], ids=ascii)
def test_no_character_that_steers_a_terminal_passes(steering: str) -> None:
    for shown in (printable(f"a{steering}b\nc"), encoded(f'"a{steering}b"')):
        assert all(character.isprintable() or character == "\n" for character in shown)


def test_the_colours_of_our_own_reports_pass() -> None:
    assert printable("\x1b[1;31merror\x1b[0m: é\n") == "\x1b[1;31merror\x1b[0m: é\n"


def test_the_command_line_prints_through_one_module() -> None:
    failures = []
    for file in (PACKAGE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("echo", "secho") and file.name != "terminal.py":
                failures += [file.name] if isinstance(node.value, ast.Name) and node.value.id == "click" else []
    assert failures == []
