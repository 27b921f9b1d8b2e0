"""Parse references to what is defined outside the field: features, images, notification routes and secrets."""

from __future__ import annotations

import re

from msgspec import Struct

from mlopsctl.spec.scalars import fail, scalar_text

_IMAGE = re.compile(
    r"(?P<name>(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?P<port>\d+))?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)
_PORTS = 65536
_DNS_SUBDOMAIN = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
SECRET_NAME_SCHEMA = {"type": "string", "pattern": _DNS_SUBDOMAIN, "maxLength": 253}


class FeatureRef(Struct, frozen=True):
    """`view.field`, or `system:view.field` for a view of another system of the workspace."""

    system: str | None
    view: str
    field: str

    def __str__(self) -> str:
        return (f"{self.system}:" if self.system else "") + f"{self.view}.{self.field}"


class Image(Struct, frozen=True):
    """A container image reference, split into its parts."""

    name: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


class Route(Struct, frozen=True):
    """A receiver of notifications: its kind and its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def parse_feature_ref(value: object) -> FeatureRef:
    """Parse `view.field` or `system:view.field`."""
    match = (
        re.fullmatch(r"(?:([a-z0-9-]+):)?([A-Za-z_]\w*)\.([A-Za-z_]\w*)", value, re.ASCII)
        if isinstance(value, str)
        else None
    )
    if not match:
        raise fail(
            "name", f"`{scalar_text(value)}` is not a feature reference", "write view.field, or system:view.field"
        )
    return FeatureRef(match[1], match[2], match[3])


def parse_image(value: object) -> Image:
    """Parse a container image reference: `registry/name:tag@sha256:...`."""
    match = _IMAGE.fullmatch(value) if isinstance(value, str) and len(value) < 512 else None
    if not match:
        lower = value.lower() if isinstance(value, str) else ""
        near = f"did you mean `{lower}`?" if lower != value and _IMAGE.fullmatch(lower) else ""
        help = near or "write registry/name:tag, or registry/name@sha256:..."
        raise fail("image", f"`{scalar_text(value)}` is not an image reference", help)
    if (port := match["port"]) and not 0 < int(port[:6]) < _PORTS:
        raise fail("image", f"`{scalar_text(value)}` has the port {port[:6]}", "use a port from 1 to 65535")
    return Image(match["name"], match["tag"], match["digest"])


def parse_route(value: object) -> Route:
    """Parse a notification route: `slack/channel`, `pagerduty/service`, `email/address`, `webhook/name`."""
    match = (
        re.fullmatch(r"(pagerduty|slack|email|webhook|opsgenie)/([A-Za-z0-9][\w.@+-]{0,99})", value, re.ASCII)
        if isinstance(value, str)
        else None
    )
    if not match:
        raise fail(
            "value",
            f"`{scalar_text(value)}` is not a route",
            "write pagerduty/NAME, slack/CHANNEL, opsgenie/NAME, email/ADDRESS or webhook/NAME",
        )
    return Route(match[1], match[2])


def parse_secret_name(value: object) -> str:
    """Parse the name of a secret. An invalid name may be the secret itself, so the message never shows the value."""
    if isinstance(value, str) and len(value) <= 253 and re.fullmatch(_DNS_SUBDOMAIN, value, re.ASCII):
        return value
    raise fail(
        "secret", "this is not the name of a secret", "write a secret's name, such as feast-redis, never its content"
    )
