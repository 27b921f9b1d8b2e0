"""A misspelt key is reported at its own line: every key of the examples and the reference specs, as fingers slip.

Oracle: the line that was changed, known from the text itself before the tool reads it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from mlopsctl.compiler import check
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.resolve.documents import Document, Documents
from mlopsctl.source.node import Node
from mlopsctl.source.reader import read

from . import counts

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/"))
SPECS = ROOT.parent / "shared" / "specs"
"""Specs beside this checkout, where they are."""
_KEY = re.compile(r"(?:(?<=[{,] )|(?<=\{)|(?<=^)|(?<= ))([A-Za-z][A-Za-z0-9_-]+)(?=: |:$)")
_NAMES = re.compile(r"\b(?:labels|vars): \{[^}]*\}")
"""Mappings in one line whose keys people choose."""
_LANGUAGE = {"apiVersion", "kind"}
RIGHT = 0.995
SHORT = 3000


def slips(word: str) -> list[str]:
    """Return the word with two letters exchanged, one lost and one doubled, wherever that changes it."""
    exchanged = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
    lost = [word[:i] + word[i + 1 :] for i in range(len(word))]
    doubled = [word[: i + 1] + word[i:] for i in range(len(word))]
    return sorted({spelling for spelling in (*exchanged, *lost, *doubled) if spelling not in {word, ""}})


def keys_of_the_language(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield line and place of what looks like a key, outside of comments and texts."""
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition(" #")[0]
        if code.count('"') or code.lstrip().startswith(("#", "vars:")):
            continue
        chosen = [match.span() for match in _NAMES.finditer(code)]
        for key in _KEY.finditer(code):
            if not any(start < key.start(1) < end for start, end in chosen):
                yield number, key.start(1), key.end(1), key[1]


def known_words() -> set[str]:
    """Return every property of the published schemas: what is none of them is a name a person chose."""
    schemas = ROOT / "schemas"
    text = "".join((schemas / f"{name}.v1alpha1.json").read_text() for name in ("mlsystem", "workspace", "lock"))
    return set(re.findall(r'"([A-Za-z]+)": \{', text))


def documents_of(example: Path) -> dict[str, str]:
    files = [*sorted(example.rglob("mlops.yaml")), example / "workspace.yaml", example / "mlops.lock"]
    return {str(file.relative_to(example)): file.read_text() for file in files if file.is_file()}


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    node, diagnostics = read(text.encode(), name)
    return node, tuple(diagnostics)


def errors(texts: dict[str, str]) -> set[tuple[str, int]]:
    """Return where errors are reported: file and line."""
    read_documents = {name: _read(name, text) for name, text in texts.items()}
    source_diagnostics = [diagnostic for _, diagnostics in read_documents.values() for diagnostic in diagnostics]
    parsed = {name: Document(name, node) for name, (node, _) in read_documents.items() if node is not None}
    systems = tuple(document for name, document in parsed.items() if name.endswith("mlops.yaml"))
    documents = Documents(
        systems, parsed.get("workspace.yaml"), parsed.get("mlops.lock"), diagnostics=tuple(source_diagnostics)
    )
    places = [diagnostic.place for diagnostic in check(documents)[1] if diagnostic.severity is Severity.ERROR]
    return {(place.span.file, place.span.line) for place in places if place}


def mutations() -> list[tuple[Path, str, int, str]]:
    """Return every slip of every key of the language: example, file, line and the file's new text."""
    known, misspellings = known_words(), []
    for example in (*EXAMPLES, *([SPECS] if SPECS.is_dir() else [])):
        for name, text in documents_of(example).items():
            lines = text.split("\n")
            for number, start, end, word in keys_of_the_language(text):
                if word in known and word not in _LANGUAGE:
                    for slip in slips(word):
                        line = lines[number - 1][:start] + slip + lines[number - 1][end:]
                        misspellings.append(
                            (example, name, number, "\n".join([*lines[: number - 1], line, *lines[number:]]))
                        )
    return misspellings


@pytest.mark.parametrize(("wrong", "right"), [("tepy", "type"), ("tpye", "type"), ("kind", "type"), ("TYPE", "type")])
def test_a_misspelt_discriminator_is_reported_at_its_own_line(wrong: str, right: str) -> None:
    example = next(path for path in EXAMPLES if path.name == "quickstart")
    texts = documents_of(example)
    lines = texts["mlops.yaml"].split("\n")
    number = next(i for i, line in enumerate(lines) if line.strip() == "type: parquet")
    texts["mlops.yaml"] = "\n".join([*lines[:number], lines[number].replace(right, wrong), *lines[number + 1 :]])
    assert errors(texts) == {("mlops.yaml", number + 1)}


def test_misspelt_keys_are_reported_at_their_own_lines() -> None:
    every = mutations()
    sample = counts.sample("misspelt keys", every, short=SHORT, seed=10)
    texts = {example: documents_of(example) for example in {row[0] for row in sample}}
    wrong = []
    for example, name, number, text in sample:
        if (name, number) not in errors({**texts[example], name: text}):
            wrong.append((example.name, name, number, text.split("\n")[number - 1].strip()))
    counts.tell(f"misspelt keys, of {len(every)} slips", len(sample), f"{len(wrong)} not reported at their own line")
    assert len(sample) >= min(SHORT, len(every))
    assert len(wrong) <= (1 - RIGHT) * len(sample), wrong[:20]


def test_a_slip_is_never_the_word_itself() -> None:
    chance = random.Random(1)  # noqa: S311
    for _ in range(200):
        word = "".join(chance.choices("abc", k=chance.randrange(2, 8)))
        assert word not in slips(word)
