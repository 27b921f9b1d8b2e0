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
    command: list[str],
    files: dict[str, bytes] | None = None,
    values: dict[str, str] | None = None,
    outputs: dict[str, str] | None = None,
    parameters: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
) -> dict[str, bytes | str]:
    """Unpack the files that are handed in, run the command, and return its outputs and output parameters."""
    for path, packed in (files or {}).items():
        unpack(packed, Path(path))
    for path in [*(outputs or {}).values(), *(parameters or {}).values()]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    settings = [argument for name, value in (values or {}).items() for argument in ("--set", f"{name}={value}")]
    subprocess.run([*command, *settings], check=True, env=dict(os.environ, **(environment or {})))
    handed: dict[str, bytes | str] = {name: pack(path) for name, path in (outputs or {}).items()}
    handed.update({name: Path(path).read_text("utf-8") for name, path in (parameters or {}).items()})
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
        for member in archive.getmembers():
            require_inside(member)
        # An attribute and not an argument: extractall takes no filter before Python 3.11.4.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(parts)
    (parts / CONTENT).rename(path)
    parts.rmdir()


def require_inside(member: tarfile.TarInfo) -> None:
    """Raise TarError for a member that is, or links to, anything but a file or folder of the archive's own."""
    link = Path(member.name).parent / member.linkname if member.issym() else Path(member.linkname or CONTENT)
    inside = [Path(os.path.normpath(path)).parts[:1] == (CONTENT,) for path in (member.name, link)]
    if not all(inside) or not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
        raise tarfile.TarError(f"{member.name} leads out of its archive")
