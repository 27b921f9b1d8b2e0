"""Files made to exhaust a reader: each is one finding, in a second and in little memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest

MIB = 1 << 20


def chain(links: int, link: str) -> bytes:
    """Give anchors of which each holds the one before it several times."""
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{i}: &a{i} {link.replace('%', f'*a{i - 1}')}" for i in range(1, links + 1)]
    return "\n".join(lines).encode()


BOMBS: Mapping[str, tuple[bytes, str]] = MappingProxyType(
    {
        "ten thousand brackets": (b"[" * 10_000, "MLC012"),
        "a mebibyte of brackets": (b"[" * MIB, "MLC012"),
        "a mebibyte of dashes": (b"- " * (MIB // 2), "MLC012"),
        "a mebibyte of questions": (b"? " * (MIB // 2), "MLC009"),
        "a mebibyte of braces": (b"{a: " * (MIB // 4), "MLC012"),
        "nine to the ninth": (chain(9, "[%, %, %, %, %, %, %, %, %]"), "MLC013"),
        "two to the twenty-fourth": (chain(24, "[%, %]"), "MLC013"),
        "aliases as deep as allowed": (chain(60, "[%]"), ""),
        "aliases deeper than allowed": (chain(80, "[%]"), "MLC012"),
        "merges": (chain(24, "{<<: [%, %]}"), "MLC008"),
        "more keys than nodes": (
            b"".join(b"%x:\n" % i for i in range(0xA00000, 0xA00000 + 116_000)),
            "MLC013",
        ),
        "more items than nodes": (b"[" + b"1," * 500_000 + b"]", "MLC013"),
        "more findings than lines": (b"a: 1\n" * 200_000, "MLC004"),
        "more documents than lines": (b"---\n" * (MIB // 4), "MLC010"),
        "tag directives": (b"".join(b"%%TAG !%x! b\n" % i for i in range(MIB // 16)), "MLC021"),
        "one very long text": (b"a: '" + b"x" * (MIB - 10) + b"'", ""),
        "one very long key": (b"x" * (MIB - 10) + b": 1", "MLC003"),
        "one very long number": (b"a: " + b"9" * (MIB - 10), "MLC016"),
        "one very long tag": (b"a: !" + b"x" * (MIB - 10), "MLC007"),
        "escapes": (b'a: "' + b"\\x41" * (MIB // 4 - 2) + b'"', ""),
        "only line breaks": (b"\n" * MIB, "MLC017"),
        "only colons": (b":" * MIB, "MLC003"),
        "one byte too many": (b"#" * (MIB + 1), "MLC011"),
        "anchors": (b"".join(b"- &a%d x\n" % i for i in range(70_000)), ""),
        "nul": (b"\0" * MIB, "MLC002"),
        "controls": (b"x" + b"\1" * MIB, "MLC011"),
    }
)

# Address space, of which the interpreter and its libraries take a part.
MEMORY = 512 * MIB
SECONDS = 2

READ = """
import sys, time
from mlopsctl.source.reader import read
data = sys.stdin.buffer.read()
begin = time.process_time()
node, findings = read(data, "bomb")
spent = time.process_time() - begin
print(len(findings), spent, findings[0].code if findings else "")
"""


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_finding_in_bounded_time_and_memory(name: str) -> None:
    data, expected = BOMBS[name]
    ran = subprocess.run(
        [sys.executable, "-c", READ],
        input=data,
        capture_output=True,
        timeout=60,
        preexec_fn=limit_memory,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    number, spent, code = ran.stdout.decode().rstrip("\n").split(" ")
    assert code == expected
    assert int(number) <= 101
    assert float(spent) < SECONDS


def test_a_small_file_cannot_stand_for_many_nodes() -> None:
    data, _ = BOMBS["nine to the ninth"]
    assert len(data) < 1000
