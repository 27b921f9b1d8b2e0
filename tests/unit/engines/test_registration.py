"""What a declared capability demands of an engine's facts: asked of every engine, and of one broken engine a case."""

from __future__ import annotations

import inspect
from types import MappingProxyType
from typing import Any

import pytest

from mlopsctl.catalogue.capability import Capability, no
from mlopsctl.catalogue.signal import Signal
from mlopsctl.catalogue.stages import STAGES
from mlopsctl.engines import ENGINES
from mlopsctl.engines.base import Exporter, Facts, KindFacts, Limits, Renderer, attribute
from mlopsctl.engines.known import engine, engines
from mlopsctl.engines.registration import problems
from mlopsctl.runtime.backends.checks import Checks
from mlopsctl.runtime.backends.feature_store import FeatureStore
from mlopsctl.runtime.backends.registry import Registry

ALL = [engine for stage in STAGES for engine in engines(stage)]
KSERVE = engine("serving", "kserve")
assert KSERVE is not None
assert KSERVE.serving is not None
assert KSERVE.serving.traffic is not None
ARGO = engine("pipelines", "argo-workflows")
assert ARGO is not None
assert ARGO.pipelines is not None
assert ARGO.pipelines.runs is not None

FEAST, MLFLOW, CHECKS = engine("features", "feast"), engine("registry", "mlflow"), engine("checks", "deepchecks")
assert FEAST is not None
assert FEAST.features is not None
assert MLFLOW is not None
assert MLFLOW.registry is not None
assert CHECKS is not None
assert CHECKS.checks is not None
BACKENDS = [
    (facts.backend, protocol)
    for stage, protocol in (("features", FeatureStore), ("registry", Registry), ("checks", Checks))
    for entry in engines(stage)
    if (facts := entry.features or entry.registry or entry.checks)
]
"""The back end of each engine of the package, with the protocol that a step calls it by."""


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: f"{facts.name}-{facts.default_version}")
def test_every_engine_of_the_package_is_whole(facts: Facts) -> None:
    assert problems(facts) == ()


@pytest.mark.parametrize(
    "facts", [facts for facts in ALL if facts.folder], ids=lambda facts: f"{facts.name}-{facts.stage}"
)
def test_every_engine_that_renders_has_a_typed_renderer_and_limits(facts: Facts) -> None:
    assert isinstance(facts.renderer, Renderer)
    assert any(facts.renderer)
    assert isinstance(facts.limits, Limits)


@pytest.mark.parametrize(("address", "protocol"), BACKENDS, ids=lambda value: str(value).rpartition(":")[2])
def test_every_back_end_has_the_methods_of_its_protocol_with_their_parameters(address: str, protocol: type) -> None:
    backend = attribute(address, type)
    for name, method in inspect.getmembers(protocol, inspect.isfunction):
        if not name.startswith("_"):
            assert list(inspect.signature(getattr(backend, name)).parameters) == list(
                inspect.signature(method).parameters
            )


def test_the_default_of_each_stage_that_a_local_run_replaces_keeps_everything_in_files() -> None:
    assert FEAST.features.local and MLFLOW.registry.local
    assert [engines(stage)[0].name for stage in ("features", "registry")] == ["feast", "mlflow"]


def test_the_list_has_each_folder_once_and_the_names_of_its_facts() -> None:
    assert len({registration.folder for registration in ENGINES}) == len(ENGINES)
    assert {(entry.stage, name) for entry in ENGINES for name in entry.names} == {
        (entry.stage, entry.name) for entry in ALL
    }


def without(word: str) -> Facts:
    capabilities = {key: answer for key, answer in KSERVE.capabilities.items() if key != word}
    return KSERVE._replace(capabilities=MappingProxyType(capabilities))


def answering(word: str, answer: Capability) -> Facts:
    return KSERVE._replace(capabilities=MappingProxyType({**KSERVE.capabilities, word: answer}))


def serving(**changes: Any) -> Facts:
    return KSERVE._replace(serving=KSERVE.serving._replace(**changes))


def traffic(**changes: Any) -> Facts:
    return serving(traffic=KSERVE.serving.traffic._replace(**changes))


def features(**changes: Any) -> Facts:
    return FEAST._replace(features=FEAST.features._replace(**changes))


def catalogue(address: str) -> Facts:
    return CHECKS._replace(checks=CHECKS.checks._replace(catalogue=address))


def pipelines(**changes: Any) -> Facts:
    return ARGO._replace(pipelines=ARGO.pipelines._replace(**changes))


BROKEN = {
    "name": (KSERVE._replace(name="KServe!"), "`KServe!` is no name of an engine"),
    "stage": (KSERVE._replace(stage="servin"), "there is no stage `servin`"),
    "version": (KSERVE._replace(default_version="9"), "the default version `9` is of none of the versions"),
    "unanswered capability": (without("shadow"), "does not answer for `shadow`"),
    "no reason": (answering("shadow", no("")), "refuses `shadow` without a reason"),
    "bare answer": (answering("shadow", True), "`shadow` in `capabilities` is no capability"),  # type: ignore[arg-type]
    "settings": (
        KSERVE._replace(package="mlopsctl.engines.shared"),
        "there is no module mlopsctl.engines.shared.settings",
    ),
    "metrics module": (KSERVE._replace(metrics=(Exporter("nowhere"),)), "there is no module nowhere, which `metrics`"),
    "renderer": (
        KSERVE._replace(package="mlopsctl.engines.mlflow"),
        "there is no module mlopsctl.engines.mlflow.target",
    ),
    "kind without health": (
        KSERVE._replace(kinds=MappingProxyType({("a.b", "C"): KindFacts(0, "")})),
        "the kind C of a.b has no health",
    ),
    "kind without wave": (
        KSERVE._replace(kinds=MappingProxyType({("a.b", "C"): KindFacts(None, "argocd")})),  # type: ignore[arg-type]
        "the kind C of a.b has no sync wave",
    ),
    "no serving": (KSERVE._replace(serving=None), "needs `serving`"),
    "canary without traffic": (serving(traffic=None), "capability `canary.shift` needs `serving.traffic`"),
    "canary without rights": (traffic(resource=""), "needs `serving.traffic.resource`"),
    "canary without patch": (traffic(edit="nowhere:edit"), "there is no module nowhere, which `serving.traffic.edit`"),
    "canary that delivery sets back": (traffic(owned=()), "needs `serving.traffic.owned`"),
    "latency without signal": (
        serving(signals=MappingProxyType({"model": KSERVE.serving.signals["model"]})),
        "capability `latency.service` needs a signal",
    ),
    "errors without signal": (
        serving(signals=MappingProxyType({"service": KSERVE.serving.signals["service"]})),
        "capability `error-ratio.model` needs a signal of kind `model` that tells failures",
    ),
    "signal without metric": (
        serving(signals=MappingProxyType({**KSERVE.serving.signals, "other": Signal("x", requests="not_exported")})),
        "the signal of kind `other` reads `not_exported`, which none of `metrics` exports",
    ),
    "metrics that nothing scrapes": (KSERVE._replace(scrapes=()), "`scrapes` does not say what Prometheus must scrape"),
    "run counts without a metric": (pipelines(runs=None), "capability `run-counts` needs `pipelines.runs`"),
    "runs in a metric of nobody": (
        pipelines(runs=ARGO.pipelines.runs._replace(metrics=MappingProxyType({"failed": "not_exported"}))),
        "`pipelines.runs` reads `not_exported`, which none of `metrics` exports",
    ),
    "an outcome without a status": (
        pipelines(runs=ARGO.pipelines.runs._replace(statuses=MappingProxyType({}))),
        "`pipelines.runs.statuses` has no value for failed runs",
    ),
    "drift without a starter": (pipelines(starter=""), "capability `on-drift` needs `pipelines.starter`"),
    "no module that starts runs": (
        pipelines(starter="nowhere"),
        "there is no module nowhere, which `pipelines",
    ),
    "feature store without its removals": (
        engine("features", "feast")._replace(features=None),  # type: ignore[union-attr]
        "an engine of stage features needs `features`",
    ),
    "feature store without a back end": (features(backend=""), "`features.backend` needs an address such as"),
    "no module with the back end": (
        features(backend="nowhere:Store"),
        "there is no module nowhere, which `features.backend` names",
    ),
    "feature store that renders nothing": (FEAST._replace(folder=""), "an engine of stage features needs `folder`"),
    "lookup without a server": (features(server=""), "capability `lookup` needs `features.server`"),
    "no local settings": (
        features(local="nowhere:settings"),
        "there is no module nowhere, which `features.local` names",
    ),
    "registry without its table": (MLFLOW._replace(registry=None), "an engine of stage registry needs `registry`"),
    "aliases without a client": (
        MLFLOW._replace(registry=MLFLOW.registry._replace(versions="")),
        "capability `aliases` needs `registry.versions`",
    ),
    "check library without its table": (CHECKS._replace(checks=None), "an engine of stage checks needs `checks`"),
    "catalogue of another type": (
        catalogue("mlopsctl.engines.deepchecks.checks:VERSION"),
        "mlopsctl.engines.deepchecks.checks:VERSION is no CheckCatalogue",
    ),
    "suites without a catalogue of any": (
        catalogue("mlopsctl.engines.etiq.scans:CATALOGUE"),
        "capability `suites` needs `suites` in `checks.catalogue`",
    ),
    "drift without methods": (
        catalogue("mlopsctl.engines.etiq.scans:CATALOGUE"),
        "capability `drift` needs `drift_methods` in `checks.catalogue`",
    ),
    "ci without a place": (engine("ci", "github")._replace(place=""), "needs `place`"),  # type: ignore[union-attr]
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_told_what_it_lacks(name: str) -> None:
    facts, expected = BROKEN[name]
    assert [reason for reason in problems(facts) if expected in reason], problems(facts)
