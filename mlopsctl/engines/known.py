"""Look up engines: by stage, with their versions and capabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from mlopsctl.catalogue import pods
from mlopsctl.catalogue.capability import Capability, no
from mlopsctl.catalogue.platform import SYNC_WAVES
from mlopsctl.catalogue.stages import STAGES
from mlopsctl.catalogue.versions import at_least, is_of
from mlopsctl.engines import ENGINES, Registration, plugins
from mlopsctl.engines.base import Facts, Kind, KindFacts, attribute

if TYPE_CHECKING:
    from mlopsctl.blueprint.model.platform import Engine, Engines


def engines(stage: str) -> tuple[Facts, ...]:
    """Return the engines of a stage, the default first and plug-ins last.

    Seldon's two generations are two entries.
    """
    own = (fact for registration in ENGINES if registration.stage == stage for fact in facts(registration))
    return (*own, *(foreign for foreign in plugins.installed() if foreign.stage == stage))


def engine(stage: str, name: str, version: str = "") -> Facts | None:
    """Find an engine of a stage: the entry that covers the version, otherwise the newest one of that name."""
    entries = _engines_named(stage, name)
    covering = [entry for entry in entries if version and covers(entry, version)]
    return next(iter(covering or entries), None)


def by_name(name: str, version: str = "") -> Facts | None:
    """Find an engine by its name, in any stage."""
    stages = [registration.stage for registration in ENGINES if name in registration.names] or [
        entry.stage for entry in plugins.by_name(name)
    ]
    return engine(stages[0], name, version) if stages else None


def covers(entry: Facts, version: str) -> bool:
    """Return whether rendering for a version of the engine is supported; engines without versions support any."""
    return not entry.versions or any(is_of(version, line) for line in entry.versions)


def supports(stage: str, name: str, version: str, ability: str, mode: str = "") -> Capability:
    """Return whether an engine's version has a capability, and if not, why, and the alternative.

    `mode` is the engine's mode, if the capability depends on it (KServe's Standard and Knative).
    Raises KeyError for a capability that the engine does not declare: a typo in mlopsctl itself.
    """
    entry = engine(stage, name, version)
    if entry is None:
        return no(f"{name} is no engine of stage {stage}")
    capabilities, special = entry.capabilities, f"{ability}@{mode}"
    answer = capabilities[special] if special in capabilities else capabilities[ability]
    if answer.since and not at_least(version, answer.since):
        return no(answer.why or f"needs {name} {answer.since}", answer.instead or f"version {answer.since}")
    return answer


def sets_on_pods(stage: str, name: str, version: str, field: str, mode: str = "") -> Capability:
    """Return whether an engine's version can set a field of `catalogue.pods` on the pods of its stage."""
    for ability in (pods.field(field), pods.ANY):
        try:
            return supports(stage, name, version, ability, mode)
        except KeyError:
            continue
    return no(f"{name} does not say that it can")


def kinds() -> Mapping[Kind, KindFacts]:
    """Return the Kubernetes kinds of all engines; for a kind that several render, the first engine's facts."""
    all_kinds: dict[Kind, KindFacts] = {}
    for stage in STAGES:
        for entry in engines(stage):
            all_kinds = {**entry.kinds, **all_kinds}
    return MappingProxyType(all_kinds)


def sync_wave(group: str, kind: str) -> int:
    """Return the wave of a kind; 0 for a kind without its own."""
    kind_facts = kinds().get((group, kind))
    return kind_facts.wave if kind_facts else SYNC_WAVES.get((group, kind), 0)


def for_engines(chosen: Engines) -> Iterator[Facts]:
    """Yield the engines of an environment's stack that render; delivery is last, because it reads the others' files."""
    in_order: tuple[tuple[str, Engine | None], ...] = (
        ("features", chosen.features),
        ("pipelines", chosen.pipelines),
        ("registry", chosen.registry),
        ("checks", chosen.checks),
        ("serving", chosen.serving),
        ("monitoring", chosen.monitoring),
        ("dashboards", chosen.dashboards),
        ("secrets", chosen.secrets),
        ("ci", chosen.ci),
        ("delivery", chosen.delivery),
    )
    for stage, chosen_engine in in_order:
        entry = engine(stage, chosen_engine.name, chosen_engine.version) if chosen_engine else None
        if entry and entry.folder:
            yield entry


@cache
def facts(registration: Registration) -> tuple[Facts, ...]:
    """Load the facts of an engine of this package."""
    package = f"mlopsctl.engines.{registration.folder}"
    entries: tuple[Facts, ...] = attribute(f"{package}.facts:FACTS", tuple)
    return tuple(entry._replace(package=package) for entry in entries)


@cache
def _engines_named(stage: str, name: str) -> tuple[Facts, ...]:
    own = tuple(
        fact
        for registration in ENGINES
        if registration.stage == stage and name in registration.names
        for fact in facts(registration)
        if fact.name == name
    )
    return own or plugins.engine(stage, name)
