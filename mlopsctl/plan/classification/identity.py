"""Identity, place, labels, secrets, paths of a container."""

from __future__ import annotations

from typing import Final

from mlopsctl.plan.classification.row import row, rows
from mlopsctl.plan.model import Effect

ROWS: Final = (
    row("identity/owner", "metadata.owner", Effect.METADATA),
    row("identity/tier", "metadata.tier", Effect.METADATA),
    row("identity/description", "metadata.description", Effect.METADATA),
    row("identity/runbook", "alerts.runbook", Effect.RULES),
    row("identity/protected", "workspace:environments.{environment}.protect", Effect.METADATA),
    row("identity/workspace|system|environment", "workspace:metadata.name", Effect.DESTROYS),
    row("place/cluster", "workspace:environments.{environment}.cluster", Effect.DESTROYS),
    row("place/namespace", "workspace:environments.{environment}.namespace", Effect.DESTROYS),
    row("place/repository", "workspace:git.repository", Effect.METADATA),
    row("place/branch", "workspace:git.branch", Effect.METADATA),
    row("place/path", "workspace:output", Effect.METADATA),
    row("labels/app.kubernetes.io~*", "metadata.name", Effect.METADATA, derived=True),
    row("labels/mlopsctl.dev~*", "metadata.owner", Effect.METADATA, derived=True),
    row("labels/!app.kubernetes.io~*|mlopsctl.dev~*", "metadata.labels.{0}", Effect.METADATA),
    row("annotations/*", "workspace:metadata.annotations.{0}", Effect.METADATA),
    *rows("secrets", "(order) * */keys|purpose|shared", "workspace:stack", Effect.METADATA, derived=True),
    row("schema", "schema", Effect.METADATA, derived=True),
    row("paths/blueprint|features|inputs|outputs|parameters|work|temporary", "paths", Effect.METADATA, derived=True),
)
