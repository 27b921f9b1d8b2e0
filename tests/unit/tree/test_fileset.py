"""A FileSet is ordered, free of collisions and cheap."""

from __future__ import annotations

import time
from hashlib import sha256

import pytest

from mlopsctl.tree.fileset import File, FileSet
from mlopsctl.tree.paths import SafePath


def file(path: str, content: str = "") -> File:
    return File(SafePath.of(path), content)


def test_files_are_sorted_whatever_order_they_come_in() -> None:
    first = FileSet.of(file("b", "2"), [file("a", "1")], FileSet.of(file("c/d", "3")))
    two = FileSet.of([file("c/d", "3"), file("b", "2")], file("a", "1"))
    assert first == two
    assert first.paths == ("a", "b", "c/d")
    assert len(first) == 3
    assert [f.content for f in first] == ["1", "2", "3"]


def test_a_set_moves_under_a_folder() -> None:
    assert FileSet.of(file("a"), file("b/c")).under("x/y").paths == ("x/y/a", "x/y/b/c")
    with pytest.raises(ValueError, match=r"'\.\.'|empty"):
        FileSet.of(file("a")).under("../x")


def test_union_holds_the_files_of_all() -> None:
    assert FileSet.union([FileSet.of(file("b")), FileSet.of(file("a")), FileSet()]).paths == ("a", "b")


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("a", "a"),
        ("a/b", "a/b"),
        ("a", "A"),
        ("x/Feast.yaml", "x/feast.yaml"),
        ("Feast/x", "feast/y"),
        ("a", "a/b"),
        ("A", "a/b"),
        ("a/b/c", "a/b"),
        ("\u00e9", "\u00c9"),
        ("stra\u00dfe", "strasse"),
    ],
    ids=ascii,
)
def test_two_names_for_one_file_collide(text: str, two: str) -> None:
    with pytest.raises(ValueError, match="collide"):
        FileSet.of(file(text), file(two))
    with pytest.raises(ValueError, match="collide"):
        FileSet.union([FileSet.of(file(two)), FileSet.of(file(text))])


def test_an_unchecked_path_is_a_bug() -> None:
    with pytest.raises(TypeError, match="SafePath"):
        FileSet.of(File("../x", ""))  # type: ignore[arg-type]


def test_the_digest_depends_on_every_name_and_byte() -> None:
    sets = [
        FileSet(),
        FileSet.of(file("a", "")),
        FileSet.of(file("a", "b")),
        FileSet.of(file("ab", "")),
        FileSet.of(file("a", ""), file("b", "")),
        FileSet.of(file("a", "1 b 0 "), file("c", "")),
        FileSet.of(file("a", "\u00e9")),
    ]
    assert len({s.digest() for s in sets}) == len(sets)
    first, two = file("a", "x"), file("b", "y")
    assert FileSet.of(first, two).digest() == FileSet.of(two, first).digest()


def test_hashes_are_those_of_the_bytes_on_disk() -> None:
    assert FileSet.of(file("a/b", "\u00e9\n")).hashes() == {"a/b": sha256("\u00e9\n".encode()).hexdigest()}


def test_ten_thousand_files_cost_little() -> None:
    files = [file(f"target-{i % 10}/file-{i}.yaml", "x") for i in range(10_000)]
    start = time.process_time()
    FileSet.of(files).under("x")
    assert time.process_time() - start < 1.0
