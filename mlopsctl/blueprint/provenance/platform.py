"""Origins in the workspace: engines, placement, labels, secrets."""

from __future__ import annotations

from collections.abc import Mapping

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.patches import Extra, Patch
from mlopsctl.blueprint.model.platform import Engine, Identity, Placement, Secret
from mlopsctl.blueprint.provenance.paths import (
    WORKSPACE,
    Owner,
    Paths,
    SpecPath,
    default,
    namespace,
    stack,
    workspace,
    workspace_name,
)


def of_engine(engine: Engine, owner: Owner) -> Paths:
    stages = owner.subject.engines.__struct_fields__
    yield from stack(owner, next(stage for stage in stages if getattr(owner.subject.engines, stage) is engine))


def of_place(_: Placement, owner: Owner) -> Paths:
    yield workspace("environments", owner.environment, "cluster")
    yield workspace("environments", owner.environment, "namespace")
    yield workspace("git")
    yield workspace("output")


def of_namespace(_: Placement, owner: Owner) -> Paths:
    yield namespace(owner)


def of_labels(_: Identity, owner: Owner) -> Paths:
    identity = owner.blueprint.identity
    yield from (SpecPath(identity.system, ("metadata", key)) for key in ("name", "owner", "tier", "labels"))
    yield from (SpecPath(WORKSPACE, ("metadata", key)) for key in ("labels", "annotations"))
    yield from workspace_name(owner)


def of_system_name(identity: Identity, _: Owner) -> Paths:
    yield SpecPath(identity.system, ("metadata", "name"))


def of_identity(identity: Identity, owner: Owner) -> Paths:
    yield SpecPath(identity.system, ("metadata",))
    yield owner.spec("alerts", "runbook")
    yield from default(owner, "runbook")
    yield from workspace_name(owner)


def of_shared(_: Shared, owner: Owner) -> Paths:
    yield from workspace_name(owner)
    yield from (SpecPath(WORKSPACE, ("metadata", key)) for key in ("labels", "annotations"))
    yield workspace("systems")
    yield workspace("stack")
    yield workspace("environments", owner.environment)


def of_patch(patch: Patch, owner: Owner) -> Paths:
    yield workspace("patches", patch.name) if patch.shared else owner.spec("patches", patch.name)


def of_extra(extra: Extra, owner: Owner) -> Paths:
    yield workspace("extra", extra.name) if extra.shared else owner.spec("extra", extra.name)


_STACK_OF: Mapping[str, tuple[str, ...]] = {
    "registry": ("registry", "secret"),
    "feature-store": ("features", "secret"),
    "offline-store": ("features", "offline"),
    "online-store": ("features", "online"),
    "artifacts": ("pipelines", "artifacts"),
    "model-store": ("serving", "secret"),
}


def of_secret(secret: Secret, owner: Owner) -> Paths:
    if secret.purpose == "notifications":
        yield owner.spec("alerts", "routes")
        yield from default(owner, "routes")
    else:
        yield from stack(owner, *_STACK_OF[secret.purpose])
    yield from stack(owner, "secrets")
