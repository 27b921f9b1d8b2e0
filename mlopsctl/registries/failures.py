"""Why a registry could not tell, in one sentence.

In: an exception of a library. Out: words for a person. Never a traceback, never an address with a password.
"""

from __future__ import annotations


class Unresolved(Exception):  # noqa: N818 - a state of the world, and no mistake
    """Nobody can tell what a name stands for right now."""


class Unregistered(Unresolved):
    """The registry answers, and the name stands for nothing yet."""


def sentence(error: BaseException) -> str:
    """Say why a request got no answer, to be read after the name of who was asked."""
    import requests

    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate that this machine trusts"
    if isinstance(error, requests.exceptions.Timeout):
        return "does not answer in time"
    if "NameResolution" in text or "Name or service not known" in text or "getaddrinfo" in text:
        return "is no host that can be found"
    if "refused" in text:
        return "refuses the connection: is it running?"
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "breaks the connection off"
    return f"cannot be asked ({type(error).__name__})"
