"""Annotated types that only engine settings use: hosts, locations, requirements files, names of secrets."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from mlopsctl.spec import references, scalars
from mlopsctl.spec.words import Label, readable


def _port_exists(host: str) -> str:
    port = host.partition("/")[0].partition(":")[2]
    if port and not 1 <= int(port) <= 65_535:
        raise scalars.fail("value", f"`{host}` has port {port}, and ports are 1 to 65535", "correct the port")
    return host


Host = Annotated[
    str,
    scalars.matching(r"[A-Za-z0-9.-]+(:\d{1,9})?(/[A-Za-z0-9._/-]*)?", "a host", "write host:port", kind="value"),
    AfterValidator(_port_exists),
]


Location = Annotated[
    str,
    scalars.matching(
        r"(?:[a-z][a-z0-9+.-]*://)?(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/:?=&@+-]+",
        "a location",
        "write a relative path or a URI such as s3://bucket/key",
        kind="value",
    ),
    AfterValidator(readable),
]


RequirementsFile = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]+\.(?:txt|lock)",
        "a requirements file",
        "write a file below the repository's root, as requirements.txt",
        kind="value",
    ),
]


SecretName = Annotated[str, scalars.scalar(references.parse_secret_name, references.SECRET_NAME_SCHEMA)]


Labels = Annotated[tuple[Label, ...], Field(strict=False)]
