"""What every notebook begins with: a step is handed files and texts, and hands on what it made."""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

import pytest

from mlopsctl.engines.kale import handing

PROGRAM = """
import os, pathlib, sys
given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
out = pathlib.Path(given["out"])
out.mkdir()
(out / "copy").write_bytes(pathlib.Path(given["in"], "rows").read_bytes())
pathlib.Path(given["left"]).write_text(given["note"] + os.environ["WHO"])
"""


@pytest.fixture(params=["this Python's", "Python 3.11.3's"], autouse=True)
def archives(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test a second time with a tarfile as it was before Python 3.11.4, which knows no filters."""
    if request.param != "this Python's":
        full = tarfile.TarFile.extractall

        def extractall(archive: tarfile.TarFile, path: Path) -> None:
            archive.extraction_filter = lambda member, _path: member
            full(archive, path)

        monkeypatch.setattr(tarfile.TarFile, "extractall", extractall)
        monkeypatch.delattr(tarfile, "data_filter", raising=False)


@pytest.mark.parametrize("content", [b"", b"rows \x00\xff", b"x" * 100_000])
def test_a_folder_and_a_file_come_out_as_they_went_in(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "made"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "rows").write_bytes(content)
    (tmp_path / "file").write_bytes(content)

    handing.unpack(handing.pack(str(folder)), tmp_path / "there")
    handing.unpack(handing.pack(str(tmp_path / "file")), tmp_path / "other")

    assert (tmp_path / "there" / "deep" / "rows").read_bytes() == content
    assert (tmp_path / "other").read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "made", "other", "there"]


def test_a_step_finds_what_it_is_handed_and_leaves_what_it_made(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "rows").write_text("1,2,3")
    taken, output, left = tmp_path / "in" / "rows", tmp_path / "out" / "rows", tmp_path / "parameters" / "note"

    handed = handing.run_step(
        [sys.executable, "-c", PROGRAM, f"in={taken}", f"out={output}", f"left={left}"],
        files={str(taken): handing.pack(str(tmp_path / "before"))},
        values={"note": "it's "},
        outputs={"rows": str(output)},
        parameters={"note": str(left)},
        environment={"WHO": "me"},
    )

    assert handed["note"] == "it's me"
    assert isinstance(handed["rows"], bytes)
    handing.unpack(handed["rows"], tmp_path / "after")
    assert (tmp_path / "after" / "copy").read_text() == "1,2,3"


def test_a_step_that_fails_stops_the_notebook(tmp_path: Path) -> None:
    with pytest.raises(handing.subprocess.CalledProcessError) as failed:
        handing.run_step([sys.executable, "-c", "raise SystemExit(3)"])
    assert failed.value.returncode == 3


def test_what_an_archive_holds_stays_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(tarfile.TarError):
        handing.unpack(handing.pack(str(tmp_path / "link")), tmp_path / "there")


@pytest.mark.parametrize(
    ("name", "type", "link"),
    [
        ("../content", tarfile.REGTYPE, ""),
        ("/content", tarfile.REGTYPE, ""),
        ("content/../../other", tarfile.REGTYPE, ""),
        ("other", tarfile.REGTYPE, ""),
        ("content/out", tarfile.SYMTYPE, "../../etc"),
        ("content/out", tarfile.SYMTYPE, "/etc/passwd"),
        ("content/out", tarfile.LNKTYPE, "../etc/passwd"),
        ("content/pipe", tarfile.FIFOTYPE, ""),
        ("content/device", tarfile.CHRTYPE, ""),
    ],
)
def test_a_member_that_leads_out_is_refused(tmp_path: Path, name: str, type: bytes, link: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = type, link
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as archive:
        archive.addfile(member, io.BytesIO(b""))
    with pytest.raises(tarfile.TarError):
        handing.unpack(room.getvalue(), tmp_path / "there")
    assert [path.name for path in tmp_path.iterdir()] in ([], ["there.parts"])


def test_a_link_within_what_a_step_made_stays_a_link(tmp_path: Path) -> None:
    path = tmp_path / "made"
    (path / "deep").mkdir(parents=True)
    (path / "rows").write_text("1,2,3")
    (path / "deep" / "latest").symlink_to("../rows")
    handing.unpack(handing.pack(str(path)), tmp_path / "there")
    assert (tmp_path / "there" / "deep" / "latest").read_text() == "1,2,3"


def test_what_an_earlier_step_had_there_gives_way(tmp_path: Path) -> None:
    for content in ("one", "two"):
        (tmp_path / "made").mkdir(exist_ok=True)
        (tmp_path / "made" / content).write_text(content)
        handing.unpack(handing.pack(str(tmp_path / "made")), tmp_path / "there")
        handing.unpack(handing.pack(str(tmp_path / "made" / content)), tmp_path / "file")
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["one", "two"]
    assert (tmp_path / "file").read_text() == "two"
