"""Words that only the choice of engines uses: hosts, locations, files of pins, names of secrets."""

from __future__ import annotations

from typing import Annotated

from mlopsctl.spec import scalars

Host = Annotated[
    str,
    scalars.matching(r"[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._/-]*)?", "a host", "write host:port", kind="value"),
]


Location = Annotated[
    str,
    scalars.matching(
        r"(?:[a-z][a-z0-9+.-]*://)?(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/:?=&@+-]+",
        "a location",
        "write a relative path or a URI such as s3://bucket/key",
        kind="value",
    ),
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


SecretName = Annotated[str, scalars.scalar(scalars.parse_secret_name, scalars.SECRET_NAME_SCHEMA)]
