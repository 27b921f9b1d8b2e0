"""Bytes that nobody wrote: `read` returns, whatever they are."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mlopsctl.diagnostics import codes
from mlopsctl.source import reader
from mlopsctl.source.lines import source_lines
from mlopsctl.source.node import leaves, plain

SPEC = b"""\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: card-fraud, owner: "team-risk"}
spec:
  data: &d
    sources:
      - |
        text
      - 'x''y'
  features: *d
"""
# `_` stands for a blank and `^` for a line break.
MARKS = "a b:_ -_ ^ ^__ [ ] { } , &x_ *x !t_ ?_ :_ |^_ >-^ ' \" \\ \\x \\u00 ---^ ...^ %YAML_ <<:_ # _#c 1 . ~ true @ `"
PIECES = st.sampled_from(
    [*(mark.replace("_", " ").replace("^", "\n") for mark in MARKS.split()), *"\t\r\u2028é😀\ufeff\0"]
)


def check(data: bytes) -> None:
    """Read, and check that each finding is of a known code and lies inside the file."""
    node, findings = reader.read(data, "x")
    assert node is not None or findings
    lines = source_lines(data)
    for finding in findings:
        assert codes.find(finding.code)
        assert finding.place is not None
        for place in (finding.place, *finding.related):
            assert 1 <= place.span.line <= len(lines)
            assert 1 <= place.span.column <= len(lines[place.span.line - 1]) + 1
            assert (place.span.end_line, place.span.end_column) >= (place.span.line, place.span.column)
    if node is not None:
        plain(node)
        list(leaves(node))


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    check(data)


@settings(max_examples=800, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_mixture_of_yaml_marks_makes_it_raise(text: str) -> None:
    check(text.encode())


def test_no_mutation_of_a_spec_makes_it_raise() -> None:
    dice = random.Random(20)  # noqa: S311 - repeatable on purpose
    for _ in range(2000):
        data = bytearray(SPEC)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(data))
            data[place : place + dice.randint(0, 3)] = dice.choice([b"", b"\t", b"[", b"&a ", b"*d", b"\xff", b": "])
        check(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"])))
def test_a_quoted_text_is_read_as_it_stands(text: str) -> None:
    quoted = text.replace("'", "''").replace("\ufffe", "").replace("\uffff", "")
    node, findings = reader.read(f"a: '{quoted}'".encode(), "x")
    assert findings == ()
    assert node is not None
    assert plain(node) == {"a": quoted.replace("''", "'")}
