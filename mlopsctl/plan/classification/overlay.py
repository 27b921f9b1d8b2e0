"""Patches of rendered objects and manifests of the user, whatever they hold."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import row
from mlopsctl.plan.model import Effect

ROWS: Final = (
    row("patches/(order)", "patches", Effect.OUTSIDE),
    row("patches/*", "patches.{0}", Effect.OUTSIDE),
    row("patches/*/engine|kind|pattern|json|merge|matches|shared", "patches.{0}", Effect.OUTSIDE),
    row("patches/*/merge/*/**", "patches.{0}", Effect.OUTSIDE),
    row("extra/(order)", "extra", Effect.METADATA),
    row("extra/*", "extra.{0}", Effect.OUTSIDE, removed=Effect.DESTROYS),
    row("extra/*/file|shared", "extra.{0}.file", Effect.METADATA),
    row("extra/*/value/*/**", "extra.{0}", Effect.OUTSIDE),
)
