"""What a run and its step server write to each other: one message a packet, with open files beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from socket import AF_UNIX, SOCK_SEQPACKET, recv_fds, send_fds, socket, socketpair

LARGEST = 1 << 20
"""Bytes of the largest message; the system's own limit may be lower."""


@dataclass(frozen=True, slots=True)
class Request:
    """A step to run: its command line, its layers of libraries, and the layers of each later step."""

    command: tuple[str, ...]
    layers: tuple[str, ...]
    later: tuple[tuple[str, ...], ...]

    @property
    def next_layers(self) -> frozenset[str]:
        """Return the first layers of this step and of later ones."""
        return frozenset(layers[0] for layers in (self.layers, *self.later) if layers)

    @property
    def shares_layer(self) -> bool:
        """Return whether a later step begins with the same layer."""
        return bool(self.layers) and any(layers[:1] == self.layers[:1] for layers in self.later)

    def above(self, layer: str) -> Request:
        """Return the request as a process with one layer more sees it."""
        return Request(
            self.command, self.layers[1:], tuple(layers[1:] for layers in self.later if layers[:1] == (layer,))
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a step: refused before it began, started as `pid`, or ended.

    `cpu` is in seconds, `peak` in bytes; a negative code is a signal.
    """

    refused: str = ""
    pid: int = 0
    code: int | None = None
    cpu: float = 0.0
    peak: int = 0


def pair() -> tuple[socket, socket]:
    """Open a channel, and return its ends."""
    ours, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
    return ours, theirs


def request(channel: socket, message: Request, descriptors: Sequence[int]) -> None:
    """Send a request with descriptors of its log and of the channel for answers; OSError where nobody reads."""
    send_fds(channel, [json.dumps(asdict(message)).encode()], list(descriptors))


def requested(channel: socket) -> tuple[Request, int, int] | None:
    """Wait for a request; return it with its descriptors, or None if the other end is closed."""
    text, descriptors, _, _ = recv_fds(channel, LARGEST, 2)
    if not text or len(descriptors) != 2:
        for descriptor in descriptors:
            os.close(descriptor)
        return None
    words = json.loads(text)
    later = tuple(tuple(layers) for layers in words["later"])
    return Request(tuple(words["command"]), tuple(words["layers"]), later), descriptors[0], descriptors[1]


def answer(descriptor: int, message: Answer) -> None:
    """Send an answer; OSError where nobody reads."""
    os.write(descriptor, json.dumps(asdict(message)).encode())


def answered(channel: socket) -> Answer | None:
    """Return the next answer, or None if every other end is closed; TimeoutError by the channel's own timeout."""
    try:
        text = channel.recv(LARGEST)
    except ConnectionError:
        return None
    return Answer(**json.loads(text)) if text else None
