"""A door of TLS before a PostgreSQL server that was built without it: Feast connects by TLS alone.

In: the server's port, a folder. Out: the port of the door. It answers PostgreSQL's request for TLS (SSLRequest in the
chapter "Message Flow" of its manual), and hands on every byte that follows.
"""

from __future__ import annotations

import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SSL_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)


@contextmanager
def before(port: int, folder: Path) -> Iterator[int]:
    """Open a door before the server at a port of loopback; yield the door's own port."""
    context = _context(folder)

    class Door(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if self.request.recv(8, socket.MSG_WAITALL) != _SSL_REQUEST:
                    return
                self.request.sendall(b"S")
                with (
                    context.wrap_socket(self.request, server_side=True) as client,
                    socket.create_connection(("127.0.0.1", port)) as server,
                ):
                    _hand_on(client, server)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Door) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1]
        listening.shutdown()


def _hand_on(client: ssl.SSLSocket, server: socket.socket) -> None:
    """Hand bytes on in both directions, until one side ends."""
    peers = {client: server, server: client}
    while True:
        ready = [client] if client.pending() else select.select(list(peers), [], [])[0]
        for side in ready:
            data = side.recv(1 << 16)
            if not data:
                return
            peers[side].sendall(data)


def _context(folder: Path) -> ssl.SSLContext:
    """Make a key and a certificate for loopback."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(hours=1))
    certificate = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    bundle = folder / "door.pem"
    bundle.write_bytes(secret + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)
    return context
