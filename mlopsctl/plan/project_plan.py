"""Plan a project: compare its specs with a git ref or with the folder of another project.

`load_both` reads only the specs that the change can affect; `plan_project` compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.diagnostics.model import Diagnostic, has_errors
from mlopsctl.errors import UsageError
from mlopsctl.plan.model import Plan, State
from mlopsctl.plan.sides import Side
from mlopsctl.project import discovery as projects


def load_both(path: str | None, against: str | None) -> tuple[projects.Project, projects.Project | None]:
    """Load a project now and at a ref, both without the specs that the change cannot affect."""
    from mlopsctl.project.affected_specs import narrowed
    from mlopsctl.project.git_tree import default_ref

    main = projects.located(path)
    root = projects.repository(main.parent)
    if main.name == projects.WORKSPACE and root and not (against and Path(against).is_dir()):
        both = narrowed(root, main, against or default_ref(root))
        if both:
            return both
    return projects.load(path), None


def plan_project(
    project: projects.Project,
    against: str | None,
    environments: Sequence[str],
    versions: int,
    then: projects.Project | None = None,
) -> tuple[Plan, tuple[Diagnostic, ...]] | Side:
    """Return the plan of a project against another state with its diagnostics, and the new side if it has errors."""
    from mlopsctl.plan.sides import decided, other

    new = decided(project, environments, "the working tree", broken=True)
    if not new.shared or _is_lock_unread(project):
        return new
    old = other(project, against, environments, broken=True, then=then)
    if old.documents is None:
        raise UsageError("`plan` compares specs: give a git ref, or a folder with specs")
    return compared(project, old, new, versions), new.diagnostics


def _is_lock_unread(project: projects.Project) -> bool:
    """Return whether the lock is unreadable: without it all locked versions would seem to be removed."""
    errors = (diagnostic for diagnostic in project.diagnostics if has_errors((diagnostic,)))
    lock = project.documents.lock_file
    return not project.documents.lock and any(error.place and error.place.span.file == lock for error in errors)


def compared(project: projects.Project, old: Side, new: Side, versions: int) -> Plan:
    """Compare two sides."""
    from mlopsctl.plan import history as earlier
    from mlopsctl.plan.planner import compare
    from mlopsctl.plan.states import placed

    before, after = _states(old, new)
    history = earlier.versions(project, versions)
    plan = compare(before, after, old.called, history)
    tool = earlier.tool(project, old, before) if old.commit else None
    unclear = tuple(sorted(_unclear(after, new)))
    return replace(plan, tool=tool, unclear=unclear, guards=placed(project.documents, plan.guards))


def _states(old: Side, new: Side) -> tuple[State, State]:
    """Return both states; environments that differ are rendered."""
    from mlopsctl.plan.states import state

    before, after = (
        state(side.documents, side.shared) if side.documents and side.documents.systems else State()
        for side in (old, new)
    )
    unclear = _unclear(after, new)
    if unclear:
        return before, _as_before(before, after, unclear)
    same = {environment.environment for environment in new.shared if environment in old.shared}
    return replace(before, files=_rendered(old, same)), replace(after, files=_rendered(new, same))


def _unclear(after: State, new: Side) -> set[str]:
    """Return the systems whose specs have errors, in some or all environments."""
    return {name for name in after.intents if any(name not in _names(environment) for environment in new.shared)}


def _names(shared: Shared) -> set[str]:
    return {system.identity.system for system in shared.systems}


def _as_before(before: State, after: State, unclear: set[str]) -> State:
    """Keep systems with errors as they were before, so that effects of other changes on them are still planned."""
    environments = {}
    for name, environment in after.environments.items():
        then = before.environments.get(name)
        unclear_systems = (
            [blueprint for blueprint in then.systems if blueprint.identity.system in unclear - _names(environment)]
            if then
            else []
        )
        environments[name] = replace(environment, systems=(*environment.systems, *unclear_systems))
    return replace(after, environments=environments)


def _rendered(side: Side, same: set[str]) -> dict[str, dict[str, dict[str, str]]]:
    from mlopsctl.compiler import render

    return {
        environment.environment: {
            unit: {str(file.path): file.content for file in files} for unit, files in render(environment).items()
        }
        for environment in side.shared
        if environment.environment not in same
    }
