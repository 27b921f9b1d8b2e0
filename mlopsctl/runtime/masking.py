"""Mask secrets in logs: the values in the step's environment for stores and registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, urlsplit

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.secrets.names import is_secret_name
from mlopsctl.secrets.values import MASK, conceal

_SECRET_WORDS = ("SECRET", "TOKEN", "CREDENTIAL")
_SHORTEST = 4
"""The minimum length of a masked value; shorter ones would mask unrelated text."""


def masking(environ: Mapping[str, str], blueprint: Blueprint | None) -> Callable[[str], str]:
    """Return the function that masks secrets of the environment, and texts that look like secrets."""
    secret_names = frozenset(_secret_variables(blueprint)) if blueprint else frozenset()
    values: set[str] = set()
    for name, value in environ.items():
        if name in secret_names or is_secret_name(name) or any(word in name.upper() for word in _SECRET_WORDS):
            values.update(_forms(value))
        elif "://" in value and "@" in value:
            values.update(_forms(_password(value)))
    hidden = sorted((value for value in values if len(value) >= _SHORTEST), key=lambda value: (-len(value), value))

    def mask(text: str) -> str:
        for value in hidden:
            text = text.replace(value, MASK)
        return conceal(text)

    return mask


def _secret_variables(blueprint: Blueprint) -> Iterable[str]:
    """Yield the variables that the Blueprint fills from secrets."""
    for pipeline in blueprint.pipelines:
        for step in pipeline.steps:
            yield from (variable.name for variable in step.environment if variable.secret)


def _forms(value: str) -> tuple[str, ...]:
    """Return a value, its URL-encoded and JSON forms, and each line of a multi-line value."""
    lines = value.splitlines() if "\n" in value else []
    return (value, quote(value, safe=""), value.replace("\\", "\\\\").replace('"', '\\"'), *lines)


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
