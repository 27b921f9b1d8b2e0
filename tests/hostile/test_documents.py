"""Documents changed at random are reported or fine; none hangs the tool or makes it raise.

Bytes, lines and values of the examples' documents are changed, moved, repeated and cut. Oracle: none is needed beyond
time and exceptions; each document has a few seconds, and the slowest is counted.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from mlopsctl.compiler import check
from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.diagnostics.render.formats import FINDINGS, Page
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.source.reader import read

from . import counts

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*/"))
SLOWEST = 20.0
WORDS = (
    b"null", b"true", b"-1", b"1e309", b"0x7f", b".inf", b"[]", b"{}", b"[[[[", b"!!python/object:os.system", b"&a",
    b"*a", b"<<: *a", b"${vars.x}", b"{{x}}", b"\xff", b"\xe2\x80\xae", b"\x1b[31m", b"\t", b"---", b"1ms",
    b"99999999999d",
    b"%", b"100%", b"* * * * *", b"https://[x", b"a" * 5000, b"'", b'"', b"|", b"? x", b"\r", b"\0",
    b"2026-02-30", b"up{",
)  # fmt: skip


def mutate(chance: random.Random, data: bytes) -> bytes:
    """Return the document with one to five changes."""
    for _ in range(chance.choice([1, 1, 2, 5])):
        lines = data.split(b"\n")
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        deed = chance.randrange(7)
        if deed == 0 and data:
            at = chance.randrange(len(data))
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            continue
        if deed == 1:
            lines[i], lines[j] = lines[j], lines[i]
        elif deed == 2:
            lines.insert(i, lines[j])
        elif deed == 3:
            del lines[i]
        elif deed == 4:
            key, colon, _ = lines[i].partition(b": ")
            lines[i] = key + colon + chance.choice(WORDS)
        elif deed == 5:
            lines[i] = b" " * chance.randrange(12) + lines[i].lstrip()
        else:
            lines = lines[: i + 1]
        data = b"\n".join(lines)
    return data


def outcome(texts: dict[str, bytes]) -> None:
    """Read, check and print in every format, as the command line does."""
    answers = {name: read(data, name) for name, data in texts.items()}
    source_diagnostics = tuple(diagnostic for _, diagnostics in answers.values() for diagnostic in diagnostics)
    parsed = {name: Document(name, node) for name, (node, _) in answers.items() if node is not None}
    systems = tuple(document for name, document in parsed.items() if name.endswith("mlops.yaml"))
    documents = Documents(
        systems, parsed.get("workspace.yaml"), parsed.get("mlops.lock"), diagnostics=source_diagnostics
    )
    shared, check_diagnostics = check(documents)
    document = json_format.document(check_diagnostics, tuple(environment.environment for environment in shared))
    lines = {name: data.decode("utf-8", "replace").split("\n") for name, data in texts.items()}
    page = Page(lambda file, line: (lines.get(file, []) + [""] * line)[line - 1], version="1")
    printed = [render(document, page) for render in FINDINGS.values()]
    assert not any(sign in page for page in printed for sign in ("\x1b", "\u202e", "\0"))


def test_no_document_hangs_the_tool_or_makes_it_raise() -> None:
    tried, slowest = counts.times(100), 0.0
    for seed in range(tried):
        chance = random.Random(seed)  # noqa: S311
        example = EXAMPLES[seed % len(EXAMPLES)]
        files = [*sorted(example.rglob("mlops.yaml")), example / "workspace.yaml", example / "mlops.lock"]
        texts = {str(file.relative_to(example)): file.read_bytes() for file in files if file.is_file()}
        name = chance.choice(sorted(texts))
        texts[name] = mutate(chance, texts[name])
        start = time.monotonic()
        try:
            outcome(texts)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {example.name}/{name}") from error
        slowest = max(slowest, time.monotonic() - start)
    counts.tell("documents changed at random", tried, f"none raised, the slowest took {slowest:.1f} s")
    assert slowest < SLOWEST
