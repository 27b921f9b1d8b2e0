"""Hostile text changes no structure, and nothing at all makes the compiler raise."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hostile import counts
from property.rendering import compiled, shape

from mlopsctl.diagnostics.model import Severity
from mlopsctl.source.node import Scalar, leaves
from mlopsctl.source.reader import read

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "examples/quickstart/mlops.yaml").read_text(encoding="utf-8")
LOCK = (ROOT / "examples/quickstart/mlops.lock").read_text(encoding="utf-8")
HOSTILE = [
    'a"} or up{m="',
    "---\nkind: ClusterRoleBinding",
    "\n- b",
    '"}',
    "'; import os; os.system('true') #",
    '"""\nimport os\n"""',
    "\\",
    "\\N{BULLET}",
    "{{workflow.name}}",
    "{{= 1 }}",
    "${{ github.token }}",
    "{{$.inputs.parameters['x']}}",
    "$(POD_NAME)",
    "costs $$5",
    "$__interval",
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "C:\\x",
    "~",
    "CON",
    "a" * 300,
    "no",
    "1e3",
    "08",
    "=",
    "*a",
    "&a b",
    "!!python/object/apply:os.system [true]",
    "# no comment",
    "a: b",
    " lead",
    "trail ",
    "\u202eevil",
    "\u200b",
    "\x1b[31mred",
    "\u0085",
    "\u2028",
    "\U0001fae8",
    "\u0130\u0131\u017f\u212a",
    "`id`",
    "<img src=x onerror=alert(1)>",
    "@team",
    "%s%n",
]
TREE, _ = read(SPEC.encode(), "mlops.yaml")
# The system's name is in every path and module, so another name is another shape; its pattern is tested elsewhere.
LEAVES = [(path, leaf) for path, leaf in leaves(TREE) if isinstance(leaf.value, str) and path != ("metadata", "name")]


def quoted(text: str) -> str:
    """Write a text as a YAML string that holds exactly it."""
    import json

    return json.dumps(text, ensure_ascii=True) if ord(max(text, default="a")) < 0x10000 else f'"\\U{ord(text[0]):08x}"'


def replaced(leaf: Scalar, text: str) -> str:
    """Put a text where a leaf stands."""
    lines = SPEC.split("\n")
    line = lines[leaf.span.line - 1]
    lines[leaf.span.line - 1] = line[: leaf.span.column - 1] + quoted(text) + line[leaf.span.end_column - 1 :]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def plain():
    """The shapes that a plain word gives, leaf by leaf; None where the word itself is refused."""
    shapes = {}
    for path, leaf in LEAVES:
        rendered, _ = compiled(replaced(leaf, "word"), LOCK)
        shapes[path] = shape(rendered) if rendered else None
    assert any(shapes.values())
    return shapes


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_refused_or_changes_no_structure(plain, hostile):
    passed = []
    for path, leaf in LEAVES:
        rendered, diagnostics = compiled(replaced(leaf, hostile), LOCK)
        if rendered:
            assert plain[path] == shape(rendered), f"{'.'.join(map(str, path))} changes the structure"
            passed.append(path)
        else:
            assert any(diagnostic.severity is Severity.ERROR and diagnostic.place for diagnostic in diagnostics), path
    counts.tell(
        "hostile texts put into a place of a spec", len(LEAVES), f"{len(passed)} rendered as a value, none as structure"
    )
    # The description takes any visible text, so the comparison above was made at least once for such.
    visible = hostile.isprintable() and not any(mark in hostile for mark in ("{{", "${", "$(", "$$"))
    assert passed or not visible


def test_mutated_specs_never_raise():
    chance = random.Random(20260101)  # noqa: S311 - a fixed sequence is wanted
    tokens = [
        " ",
        ":",
        "-",
        "{",
        "}",
        "[",
        "]",
        ",",
        "null",
        "true",
        "1",
        "1e999",
        "x",
        "&a",
        "*a",
        "|",
        ">",
        "'",
        '"',
        "\n",
        "\t",
        "%",
        "@",
        "0s",
        "-1",
        "é",
    ]
    tried = counts.times(1500)
    for _ in range(tried):
        text = SPEC
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            end = min(len(text), at + chance.choice([0, 1, 3, 10, 60]))
            text = text[:at] + chance.choice([*tokens, "", text[at:end] * 2]) + text[end:]
        compiled(text, LOCK)
    counts.tell("specs with characters changed at random", tried, "none raised")


def test_mutated_structures_never_raise():
    """Replace whole values by values of other kinds: the language must answer, not the interpreter."""
    chance = random.Random(7)  # noqa: S311 - a fixed sequence is wanted
    lines = SPEC.split("\n")
    values = [
        "null",
        "[]",
        "{}",
        "[null]",
        "{a: {b: [1, {c: d}]}}",
        "1",
        "-0.5",
        "true",
        "''",
        "'x'",
        "[1, 2]",
        "99999999999999999999",
        "{1: 2}",
    ]
    tried = counts.times(1500)
    for _ in range(tried):
        copy = list(lines)
        for _ in range(chance.randint(1, 3)):
            number = chance.randrange(3, len(copy))
            key, colon, _ = copy[number].partition(":")
            copy[number] = f"{key}{colon} {chance.choice(values)}" if colon else copy[number]
        compiled("\n".join(copy), LOCK)
    counts.tell("specs with whole values replaced", tried, "none raised")


def test_random_bytes_never_raise():
    chance = random.Random(11)  # noqa: S311 - a fixed sequence is wanted
    tried = counts.times(500)
    for _ in range(tried):
        data = bytes(chance.randrange(256) for _ in range(chance.randrange(400)))
        compiled(data.decode("latin-1"))
    counts.tell("random bytes read as a spec", tried, "none raised")
