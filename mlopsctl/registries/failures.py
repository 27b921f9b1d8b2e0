"""Turn a library's exception into one sentence on why a registry gave no result, without passwords."""

from __future__ import annotations


class Unresolved(Exception):  # noqa: N818 - a state of the world, and no mistake
    """A name cannot be resolved now."""


class Unregistered(Unresolved):
    """The registry responds, but the name is not registered yet."""


def sentence(error: BaseException) -> str:
    """Return why a request failed, as the rest of a sentence that begins with the registry's name."""
    import requests

    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate trusted by this machine"
    if isinstance(error, requests.exceptions.Timeout):
        return "does not respond in time"
    if "NameResolution" in text or "Name or service not known" in text or "getaddrinfo" in text:
        return "is an unknown host"
    if "refused" in text:
        return "refuses the connection: is it running?"
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "closed the connection"
    return f"cannot be reached ({type(error).__name__})"
