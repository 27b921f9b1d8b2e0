"""The list of targets. A target is one folder; adding one touches that folder and one line here.

Each folder has a `target.py` with `render(blueprint) -> FileSet`, and may have there `render_shared(shared) -> FileSet`
for what the systems of an environment share. Its `limits.py` has `limits(blueprint) -> tuple[Diagnostic, ...]` for what
its engine cannot do, and may have `limits_shared(shared) -> tuple[Diagnostic, ...]` for what cannot be done for several
systems together; a check asks for those without loading what renders.

A target of the stage `delivery` comes last and has `render_delivery(shared, units) -> dict[str, FileSet]` instead of
the renders: it is told the files of each unit, and returns for each what delivers them.

A target of the stage `ci` has `render_repository(shared, version) -> FileSet` instead: one file for a whole workspace,
named from the repository's root, for its host reads it nowhere else. The constant `PLACE` of its `conventions.py` says
where such files lie; `*` stands for the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from mlopsctl.blueprint.model import Engine, Engines

DELIVERY = "delivery"
"""The stage that carries what the others rendered to the cluster."""
CI = "ci"
"""The stage that checks pull requests; what it renders lies outside of the output tree."""


class Target(NamedTuple):
    """A target: its folder in the tree, the stage it renders, and the engines (name, major version) it is for.

    A major version of None stands for every version.
    """

    name: str
    stage: str
    engines: tuple[tuple[str, str | None], ...]
    module: str

    def load(self) -> Any:
        """Import the target's own module, when it is first needed."""
        return import_module(f"mlopsctl.targets.{self.module}.target")

    def load_limits(self) -> Any:
        """Import what the target says of its engine's limits, when it is first needed."""
        return import_module(f"mlopsctl.targets.{self.module}.limits")

    def load_conventions(self) -> Any:
        """Import the target's words, when they are first needed."""
        return import_module(f"mlopsctl.targets.{self.module}.conventions")

    def serves(self, engines: Engines) -> bool:
        """Tell whether the environment's stack has an engine this target is for."""
        engine: Engine | None = getattr(engines, self.stage)
        return engine is not None and any(
            engine.name == name and major in (None, engine.version.split(".")[0]) for name, major in self.engines
        )


TARGETS: tuple[Target, ...] = (
    Target("feast", "features", (("feast", None),), "feast"),
    Target("hopsworks", "features", (("hopsworks", None),), "hopsworks"),
    Target("argo-workflows", "pipelines", (("argo-workflows", None),), "argo_workflows"),
    Target("kfp", "pipelines", (("kfp", None),), "kfp"),
    Target("polyaxon", "pipelines", (("polyaxon", None),), "polyaxon"),
    Target("kale", "pipelines", (("kale", None),), "kale"),
    Target("neptune", "registry", (("neptune", None),), "neptune"),
    Target("great-expectations", "checks", (("great-expectations", None),), "great_expectations"),
    Target("etiq", "checks", (("etiq", None),), "etiq"),
    Target("seldon", "serving", (("seldon", "2"),), "seldon2"),
    Target("seldon", "serving", (("seldon", "1"),), "seldon1"),
    Target("kserve", "serving", (("kserve", None),), "kserve"),
    Target("cortex", "serving", (("cortex", None),), "cortex"),
    Target("prometheus", "monitoring", (("prometheus-operator", None), ("prometheus", None)), "prometheus"),
    Target("grafana", "dashboards", (("grafana", None),), "grafana"),
    Target("secrets", "secrets", (("external-secrets", None),), "external_secrets"),
    Target("github", "ci", (("github", None),), "github"),
    Target("bitbucket", "ci", (("bitbucket", None),), "bitbucket"),
    Target("argocd", "delivery", (("argocd", None),), "argocd"),
)


def for_engines(engines: Engines) -> Iterator[Target]:
    """Yield the targets that an environment's stack asks for, in the order of the list."""
    return (target for target in TARGETS if target.serves(engines))
