"""Read the credentials that `docker login` or `podman login` stores.

Calls a credential helper if the file names one.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlopsctl.registries.failures import Unresolved
from mlopsctl.registries.images import Credentials

_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_TIMEOUT_S = 30
_TOKEN_USER = "<token>"  # noqa: S105 - how helpers say that the secret is a token


def docker_credentials(file: Path | None) -> Credentials:
    """Return a function that finds the credentials of a registry; without a file it finds none."""
    settings = _settings(file)

    def find(registry: str) -> tuple[str, str] | None:
        helper = _mapping(settings, "credHelpers").get(registry) or settings.get("credsStore")
        credentials = _helped(str(helper), registry) if helper else None
        return credentials or _stored_entry(_mapping(settings, "auths"), registry)

    return find


def _settings(file: Path | None) -> Mapping[str, Any]:
    if file is None or not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Unresolved(f"{file} has no readable credentials") from error
    return content if isinstance(content, dict) else {}


def _mapping(settings: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = settings.get(key)
    return section if isinstance(section, dict) else {}


def _stored_entry(auths: Mapping[str, Any], registry: str) -> tuple[str, str] | None:
    """Find the entry of a registry, by its name or by an address of it."""
    for name in (registry, f"https://{registry}", f"https://{registry}/v1/", f"https://{registry}/v2/"):
        entry = auths.get(name)
        if isinstance(entry, dict) and isinstance(entry.get("auth"), str):
            return _decoded(entry["auth"], registry)
    return None


def _decoded(auth: str, registry: str) -> tuple[str, str] | None:
    try:
        user, colon, password = base64.b64decode(auth, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unresolved(f"the stored credentials for {registry} are unreadable: run `docker login` again") from error
    return (user, password) if colon else None


def _helped(helper: str, registry: str) -> tuple[str, str] | None:
    """Call a credential helper; None if it has no credentials of the registry."""
    if not _HELPER.fullmatch(helper):
        raise Unresolved("the docker configuration has an invalid credential helper name")
    program = f"docker-credential-{helper}"
    try:
        done = subprocess.run(  # noqa: S603 - the program that the person's own configuration names
            [program, "get"], input=registry, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unresolved(f"the credential helper {program} cannot be run") from error
    if done.returncode:
        return None
    try:
        answer = json.loads(done.stdout)
        user, secret = answer["Username"], answer["Secret"]
    except (ValueError, KeyError, TypeError) as error:
        raise Unresolved(f"the credential helper {program} returned an unreadable response") from error
    if user == _TOKEN_USER:
        raise Unresolved(
            f"{program} has an identity token for {registry}, which is not supported: log in with a password"
        )
    return str(user), str(secret)
