"""Run one step between two steps of a notebook: files go from one to the next as the bytes of an archive.

Every notebook begins with this text. It imports the standard library alone, since Kale installs whatever else it sees
imported, and keeps to plain Python, since Kale writes functions anew and cannot write all of it.
"""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

CONTENT = "content"


def run_step(
    words: list[str],
    files: dict[str, bytes] | None = None,
    values: dict[str, str] | None = None,
    made: dict[str, str] | None = None,
    left: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
) -> dict[str, bytes | str]:
    """Unpack the files that are handed in, run the command, and return what it made and left behind."""
    for path, packed in (files or {}).items():
        unpack(packed, Path(path))
    for path in [*(made or {}).values(), *(left or {}).values()]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    given = [word for name, value in (values or {}).items() for word in ("--set", f"{name}={value}")]
    subprocess.run([*words, *given], check=True, env=dict(os.environ, **(environment or {})))
    handed: dict[str, bytes | str] = {name: pack(path) for name, path in (made or {}).items()}
    handed.update({name: Path(path).read_text("utf-8") for name, path in (left or {}).items()})
    return handed


def pack(path: str) -> bytes:
    """Return a file or a folder as the bytes of an archive."""
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as archive:
        archive.add(path, arcname=CONTENT)
    return room.getvalue()


def unpack(packed: bytes, path: Path) -> None:
    """Put what an archive holds at a path, in place of what another step of the same machine had there."""
    if path.is_dir():
        shutil.rmtree(path)
    parts = path.with_name(f"{path.name}.parts")
    parts.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(parts, filter="data")
    (parts / CONTENT).rename(path)
    parts.rmdir()
