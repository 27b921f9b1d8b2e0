"""A toy feature store, model registry and check library, each a folder of modules.

`folders(package)` returns their texts for engines that lie in packages `package(name)`: below mlopsctl/engines, or
packages of their own. Their back ends print what a step calls; none needs a library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

STAGES = {"toy_store": "features", "toy_models": "registry", "toy_checks": "checks"}
NAMES = {folder: folder.replace("_", "-") for folder in STAGES}

_FACTS = '''"""Facts of a toy."""

from types import MappingProxyType

from mlopsctl.catalogue.capability import YES
from mlopsctl.engines.base import Checks, Facts, Features, Registry
from mlopsctl.engines.registration import REQUIRED

ALL = MappingProxyType(dict.fromkeys(REQUIRED["STAGE"].split(), YES))
FACTS = (
    Facts("STAGE", "NAME", ("1",), "1", capabilities=ALL, FIELDS),
)
'''
_FIELDS = {
    "features": 'folder="toy-store", features=Features("PACKAGE.backend:Store", '
    '"the toy forgets it", "; the toy forgets its views", "the toy fills it", server="toys:1")',
    "registry": 'registry=Registry("PACKAGE.backend:Models", versions="PACKAGE.backend:ModelVersions")',
    "checks": 'checks=Checks("PACKAGE.backend:Library", "PACKAGE.catalogue:CATALOGUE")',
}
_SETTINGS = '''"""Settings of a toy."""

from typing import Literal

from mlopsctl.spec.stack.settings import BASE
from mlopsctl.spec.words import Label, Version


class CLASS(BASE):
    """A toy."""

    engine: Literal["NAME"]
    """The engine."""
    version: Version = "1"
    """Its version."""
    FIELD: Label | None = None
    """Read by the rest of the package."""


SETTINGS = (CLASS,)
'''
_BASES = {
    "features": ("FeatureStoreSettings", "project"),
    "registry": ("RegistrySettings", "uri"),
    "checks": ("EngineSettings", "colour"),
}
_STORE = '''"""The toy store in a step."""


class Store:
    def __init__(self, step_context):
        self.log = step_context.log

    def rows(self, source, columns, start, end):
        raise NotImplementedError

    def historical(self, contract, rows):
        raise NotImplementedError

    def materialize(self, views, mode):
        self.log.say(f"the toy store loads {', '.join(view.name for view in views)}")
        return dict.fromkeys((view.name for view in views), None)

    def newest(self, views):
        return iter(())
'''
_STORE_TARGET = '''"""The toy store's files."""

from mlopsctl.engines.base import Renderer
from mlopsctl.engines.shared import feature_maps
from mlopsctl.engines.shared.files import text_file, yaml_file
from mlopsctl.tree.fileset import FileSet


def render(blueprint):
    return FileSet.of([yaml_file("toys.yaml", {"views": [view.name for view in blueprint.features.views]})])


def render_shared(shared):
    project = {"project.txt": "toys"}
    files = [text_file(f"repo/{name}", text) for name, text in project.items()]
    return FileSet.of(files, feature_maps.manifests(shared, project))


RENDERER = Renderer(system=render, shared=render_shared)
'''
_LIMITS = '''"""The toy can do everything."""

from mlopsctl.engines.base import Limits

LIMITS = Limits()
'''
_MODELS = '''"""The toy registry in a step and for `lock`."""

from contextlib import nullcontext

from mlopsctl.registries.failures import Unregistered
from mlopsctl.registries.versions import Version


class Models:
    def __init__(self, step_context):
        self._log = step_context.log

    def begin(self, key, tags):
        return key

    def running(self, run):
        return nullcontext()

    def log(self, run, params, metrics):
        pass

    def conclude(self, run, outcome, reason=""):
        pass

    def register(self, run, evidence):
        raise NotImplementedError

    def served(self):
        self._log.say("the toy registry serves nothing")

    def fetch(self, location):
        raise NotImplementedError


class ModelVersions:
    def __init__(self, environ):
        self.environ = environ

    def address(self, configured, home):
        return configured or "toys"

    def override(self):
        return None

    def printable(self, address):
        return address

    def by_alias(self, address, name, alias):
        if name == "absent":
            raise Unregistered("the toy has no such model")
        return Version({"version": "7", "uri": f"s3://{address}/{name}/7"}, None)

    def by_version(self, address, name, version):
        return self.by_alias(address, name, version)
'''
_LIBRARY = '''"""The toy library in a step."""

from mlopsctl.runtime.backends.check_results import PASSED, Outcome
from mlopsctl.runtime.backends.checks import ContractChecks, declared


class Library(ContractChecks):
    def data(self, dataset):
        stages = declared(self._context, "data")
        return tuple(Outcome(check.name, PASSED, "", True) for stage in stages for check in stage.checks)

    def drift(self, reference, recent, columns):
        return {column.name: 0.5 for column in columns if column.method == "ks"}
'''
_CATALOGUE = '''"""The checks of the toy library."""

from mlopsctl.catalogue.checks import CheckCatalogue, CheckType
from mlopsctl.catalogue.parameter import Parameter

CHECKS = {
    "Squeaks": CheckType({"loudness": Parameter("loudness", ("number",), False)}, conditions={"add_condition": {}}),
    "Rolls": CheckType({}, "model", tasks=("regression",)),
}
CATALOGUE = CheckCatalogue(
    "Toybox",
    "toy",
    lambda: CHECKS,
    suites=lambda: {"all_toys": "data"},
    drift_methods=(("numerical", "ks"),),
)
'''
_MODULES = {
    "features": {"backend": _STORE, "target": _STORE_TARGET, "limits": _LIMITS},
    "registry": {"backend": _MODELS},
    "checks": {"backend": _LIBRARY, "catalogue": _CATALOGUE},
}
STACK = """
    features: {engine: toy-store}
    registry: {engine: toy-models}
    checks: {engine: toy-checks}
"""
"""The stack of a workspace that chooses all three."""


def folders(package: Callable[[str], str]) -> Mapping[str, Mapping[str, str]]:
    """Return the modules of each toy by its folder."""
    return {folder: _modules(folder, stage, package(folder)) for folder, stage in STAGES.items()}


def _modules(folder: str, stage: str, package: str) -> Mapping[str, str]:
    base, field = _BASES[stage]
    words = {"STAGE": stage, "FIELDS": _FIELDS[stage], "NAME": NAMES[folder], "BASE": base, "FIELD": field}
    words |= {"CLASS": folder.title().replace("_", ""), "PACKAGE": package}
    texts = {"__init__": "", "facts": _FACTS, "settings": _SETTINGS, **_MODULES[stage]}
    return {name: _filled(text, words) for name, text in texts.items()}


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
