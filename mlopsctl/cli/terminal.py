"""All output to a terminal, log or pipe: credentials are masked and control characters escaped.

`exact` prints artifacts that other programs read, made of checked specs, byte by byte.
"""

from __future__ import annotations

import json
import re
from typing import Any

import click

from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.secrets.values import conceal, concealed

# The only control sequences allowed: colours of mlopsctl's reports, line ends and tabs.
_OURS = re.compile(r"(\x1b\[(?:[0-2]|(?:1;)?3[1-6]|90)m|\n|\t)")

_ENCODED = frozenset({"json", "sarif", "github"})


def echo(text: str = "", *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Print a text with credentials masked and control characters escaped; `color` keeps the colours of reports."""
    click.echo(printable(conceal(text)), err=err, nl=nl, color=color)


def warn(text: str) -> None:
    """Print a line on the error stream."""
    echo(text, err=True)


def document(data: Any) -> None:
    """Print plain data as JSON in ASCII, with the credentials in its texts masked."""
    click.echo(json.dumps(concealed(data), indent=2))


def exact(text: str) -> None:
    """Print a text unchanged: encoded data with masked values, or an artifact of checked specs."""
    click.echo(text, nl=False)


def is_encoded(output_format: str) -> bool:
    """Return whether programs read a format: it is printed unchanged, so its values must be masked."""
    return output_format in _ENCODED


def show(text: str, output_format: str, *, err: bool = False, color: bool | None = None) -> None:
    """Print a formatted document; encoded formats have masked values."""
    if is_encoded(output_format):
        exact(text)
    else:
        echo(text, err=err, nl=False, color=color)


def printable(text: str) -> str:
    r"""Return a text safe for a terminal: `\x1b` for an escape other than a colour of mlopsctl's reports."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(part if i % 2 else visible(part) for i, part in enumerate(_OURS.split(text)))
