"""`extra`: Kubernetes manifests beside the spec that are delivered with the system."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlopsctl.spec import scalars
from mlopsctl.spec.words import EnvironmentName, Section


class Extra(Section):
    """A Kubernetes manifest of the user's. It is outside the model: no rule and no plan understands it."""

    file: Annotated[
        str,
        scalars.matching(
            r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]+\.ya?ml",
            "a manifest",
            "write a YAML file below the spec's folder, as extra/budget.yaml",
            kind="value",
            limit=400,
        ),
    ]
    """The file with one Kubernetes object, from the folder of this file."""
    environments: Annotated[tuple[EnvironmentName, ...] | None, Field(min_length=1, strict=False)] = None
    """The environments that it is delivered to; by default all."""
