"""SafePath lets through what every system can hold inside the output, and nothing else."""

from __future__ import annotations

import unicodedata

import pytest

from mlopsctl.tree.paths import SafePath, UnsafePath

REFUSED = [
    "",
    ".",
    "..",
    "/",
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a/..",
    "a/./b",
    "a//b",
    "a/",
    "./a",
    "a\\b",
    "..\\x",
    "C:\\x",
    "C:x",
    "c:/x",
    "a:stream",
    "a\0b",
    "a\nb",
    "a\tb",
    "a\x1bb",
    "a\x7fb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\u202eb",
    "a\u2066b",
    "a\u200bb",
    "a\ufeffb",
    "a\U000e0041b",
    "a\ud800b",
    "a\u00a0b",
    "a\u3000b",
    "con",
    "CON",
    "Con.txt",
    "x/NUL",
    "nul.tar.gz",
    "aux .yaml",
    "COM1",
    "lpt9.log",
    "com¹",
    "CONIN$",
    "a.",
    "a/b.",
    "a ",
    "a /b",
    "...",
    "a" * 256,
    "é" * 128,
    "b/" + "x" * 300,
    unicodedata.normalize("NFD", "é"),
    ".git/hooks/x",
    "x/.GIT/config",
    "git~1/x",
    "what?",
    "a*b",
    "<x>",
    'a"b',
    "a|b",
]

ACCEPTED = [
    "a",
    "argo-workflows/manifests/train.yaml",
    ".mlopsctl.json",
    ".gitignore",
    "~",
    "a b/c d",
    "a..b",
    "a.b.c",
    "-x",
    "é/ü.yaml",
    "com10",
    "console",
    "con-x",
    "x" * 255,
    "é" * 127,
    "日本語.yaml",
    "$(X)/{{x}}",
]


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_an_unsafe_path_is_refused(text: str) -> None:
    with pytest.raises(UnsafePath):
        SafePath.of(text)
    with pytest.raises(UnsafePath):
        SafePath(text)


@pytest.mark.parametrize("text", ACCEPTED, ids=ascii)
def test_a_safe_path_is_the_text_itself(text: str) -> None:
    assert SafePath.of(text) == text
    assert SafePath(text) == text


def test_a_refusal_says_why_and_is_printable() -> None:
    with pytest.raises(UnsafePath, match=r"'a\\u202eb': the invisible character '\\u202e'") as caught:
        SafePath.of("a\u202eb")
    assert str(caught.value).isascii()


def test_a_path_knows_its_parts() -> None:
    path = SafePath.of("feast/defs/features.py")
    assert path.parts == ("feast", "defs", "features.py")
    assert path.name == "features.py"
    assert path.parent == "feast/defs"
    assert SafePath.of("x").parent == ""


def test_a_path_moves_under_a_folder() -> None:
    moved = SafePath.of("a.yaml").under(SafePath.of("b/c"))
    assert moved == "b/c/a.yaml"
    assert type(moved) is SafePath
