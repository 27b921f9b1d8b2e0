"""What the engines of a system do with a change, in the words of their facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlopsctl.engines.base import Delivery, Features, Monitoring
from mlopsctl.engines.known import engine, engines

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.blueprint import Blueprint


def feature_store(blueprint: Blueprint) -> Features | None:
    """Return what a system's feature store does with what a change removes."""
    chosen = blueprint.engines.features
    entry = engine("features", chosen.name, chosen.version)
    return entry.features if entry else None


def delivery(blueprint: Blueprint | None) -> Delivery:
    """Return how a system's objects are delivered; as the default does where the workspace names no repository."""
    chosen = blueprint.engines.delivery if blueprint else None
    entry = engine("delivery", chosen.name, chosen.version) if chosen else engines("delivery")[0]
    return (entry.delivery if entry else None) or Delivery()


def monitoring(blueprint: Blueprint | None) -> Monitoring:
    """Return how a system's monitoring takes changed rules."""
    chosen = blueprint.engines.monitoring if blueprint else None
    entry = engine("monitoring", chosen.name, chosen.version) if chosen else engines("monitoring")[0]
    return (entry.monitoring if entry else None) or Monitoring()
