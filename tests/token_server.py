"""What gives out the tokens that an image registry takes: signed, for one repository, for who has the password.

In: a folder. Out: the registry's settings, and the answers to requests for tokens.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from http_server import Answer, Request
from image_registry import basic

ISSUER, SERVICE = "a-test", "registry.of.a.test"


class Tokens:
    """Signs tokens with a key of its own, whose certificate the registry trusts."""

    def __init__(self, folder: Path) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        folder.mkdir(parents=True, exist_ok=True)
        self._key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, ISSUER)])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        builder = (
            builder.serial_number(1)
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
        )
        certificate = builder.sign(self._key, hashes.SHA256())
        self._bundle = folder / "bundle.pem"
        self._bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self._chain = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()

    def settings(self, host: str) -> Mapping[str, Any]:
        """Return the registry's `auth`, with the address that gives out tokens."""
        token = {"realm": f"http://{host}/token", "service": SERVICE, "issuer": ISSUER}
        return {"token": {**token, "rootcertbundle": str(self._bundle)}}

    def answer(self, request: Request) -> Answer:
        """Give out a token for what is asked, to who has the password; to nobody else."""
        if request.headers.get("Authorization") != f"Basic {basic()}":
            return Answer(401)
        query = parse_qs(urlsplit(request.path).query)
        if query.get("service") != [SERVICE]:
            return Answer(400)
        return Answer(200, {}, json.dumps({"token": self.signed(query["scope"][0])}).encode())

    def signed(self, scope: str, actions: tuple[str, ...] = ()) -> str:
        """Sign a token for a scope as `repository:acme/churn:pull`."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        kind, name, action_names = scope.split(":")
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": ISSUER, "aud": SERVICE, "sub": "robot", "jti": "1", "iat": now, "nbf": now - 60, "exp": now + 600,
            "access": [{"type": kind, "name": name, "actions": list(actions or action_names.split(","))}],
        }  # fmt: skip
        head = {"typ": "JWT", "alg": "RS256", "x5c": [self._chain]}
        text = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
        return f"{text}.{_encoded(self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
