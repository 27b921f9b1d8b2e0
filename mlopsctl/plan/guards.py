"""Guards: block risky changes unless the spec accepts the code with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.serving import Endpoint
from mlopsctl.diagnostics.codes import change as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.plan import wording
from mlopsctl.plan.added_removed import new_owner, reads
from mlopsctl.plan.effects import Sides
from mlopsctl.plan.engine_facts import feature_store
from mlopsctl.plan.graph import endpoint_link
from mlopsctl.plan.model import Action, Change, Effect, Intent, Kind

_ENVIRONMENT: Final = "workspace:environments."
_ENDPOINTS: Final = "serving.endpoints."
_USES: Final = ("data.sources.", "features.", "checks.gates.", "metadata.name")
_ACCEPTABLE: Final = frozenset(code.code for code in codes.CODES)
_PLACES: Final = (".cluster", ".namespace")


def guards(changes: Iterable[Change], sides: Sides, environment: str) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each change of an environment that endangers serving."""
    for change in changes:
        diagnostics = [*_of_change(change, sides)]
        yield from (replace(diagnostic, environments=(environment,)) for diagnostic in diagnostics)


def _of_change(change: Change, sides: Sides) -> Iterator[Diagnostic]:
    users = _users(change, sides) if _removes_use(change, sides) else []
    place = f"{change.system}:{change.path}" if change.system else change.path
    if change.path.startswith(_ENVIRONMENT) and change.path.endswith(_PLACES):
        message = f"`{change.path.rpartition('.')[2]}` moves from {change.old} to {change.new}"
        yield codes.ENVIRONMENT_MOVED.at(None, f"{message}: objects are created there and pruned here", path=place)
    if users:
        new = change.action is Action.ADDED
        them = f"what {_listed(users, 'serves', 'serve')} does not know" if new else _listed(users, "uses", "use")
        finding = f"{_subject(change)} is {_done(change)}, and {them} it"
        yield codes.SERVED_CHANGE.at(None, finding, path=place)
    yield from _serving(change, sides, place)
    if (
        change.action is Action.REMOVED
        and not new_owner(change.path, change.system, sides)
        and _is_view(change.path)
        and (store := _silent_store(change.system, sides))
    ):
        name = change.path.rpartition(".")[2]
        yield codes.SILENT_DELETION.at(None, f"{store} deletes view `{name}` with its online rows", path=place)


def _serving(change: Change, sides: Sides, place: str) -> Iterator[Diagnostic]:
    """Yield endpoints with a served version that are removed or renamed: callers may still use them."""
    if not change.path.startswith(_ENDPOINTS) or change.path.count(".") != 2 or change.action is Action.ADDED:
        return
    done = wording.ACTIONS[change.action]
    name = change.old if change.action is Action.RENAMED else change.path.removeprefix(_ENDPOINTS)
    blueprint = sides.before.get(change.system)
    for endpoint in blueprint.endpoints if blueprint else ():
        if endpoint.spec_name == name and change.action in (Action.REMOVED, Action.RENAMED):
            message = f"`{_ENDPOINTS}{name}` is {done}, but it serves version {endpoint.stable.version.version}"
            yield codes.SERVED_CHANGE.at(None, message, path=place)


def _removes_use(change: Change, sides: Sides) -> bool:
    removed = change.action is Action.REMOVED and not new_owner(change.path, change.system, sides)
    if change.path.startswith(_ENVIRONMENT):
        return removed and change.path.count(".") == 1
    retyped = any(consequence.effect is Effect.BREAKS for consequence in change.consequences)
    return change.path.startswith(_USES) and (removed or retyped)


def _done(change: Change) -> str:
    return (
        f"changed from {change.old} to {change.new}"
        if change.action is Action.CHANGED
        else wording.ACTIONS[change.action]
    )


def _subject(change: Change) -> str:
    if change.path == "metadata.name" and change.action is Action.REMOVED:
        return f"system `{change.system}`"
    field = f"`{change.path.removeprefix('workspace:')}`"
    return f"{field}, formerly `{change.old}`," if change.action is Action.RENAMED else field


def _users(change: Change, sides: Sides) -> list[str]:
    """Return the endpoints with a served version that the change reaches, as text."""
    if change.path.startswith(_ENVIRONMENT):
        return [_titled(blueprint, endpoint) for blueprint in sides.before.values() for endpoint in blueprint.endpoints]
    if change.path == "metadata.name" and change.action is Action.REMOVED:
        removed = sides.before.get(change.system)
        chains = [_titled(removed, endpoint) for endpoint in removed.endpoints] if removed else []
        reading = [name for name, blueprint in sides.after.items() if reads(blueprint, change.system)]
        return [*chains, *(f"system {name}" for name in reading)]
    ends = (chain[-1] for chain in change.chains)
    return list(dict.fromkeys(wording.endpoint(link) for link in ends if link.kind is Kind.ENDPOINT))


def _titled(blueprint: Blueprint, endpoint: Endpoint) -> str:
    return wording.endpoint(endpoint_link(blueprint, endpoint))


def _is_view(path: str) -> bool:
    return path.startswith("features.views.") and path.count(".") == 2


def _silent_store(system: str, sides: Sides) -> str:
    """Name the feature store that deletes a view of the system without a confirmation; empty where it does not."""
    blueprint = sides.before.get(system)
    store = feature_store(blueprint) if blueprint else None
    return store.silent_removal if store else ""


def _listed(users: list[str], text: str, several: str) -> str:
    *rest, last = users
    return f"{', '.join(rest)} and {last} {several}" if rest else f"{last} {text}"


def with_accepted(
    diagnostics: Iterable[Diagnostic], intents: Mapping[str, Intent], workspace: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Turn accepted guards into notes with the reason; report acceptances that this change does not need."""
    used: set[tuple[str, str]] = set()
    results = []
    for diagnostic in diagnostics:
        system = diagnostic.path.partition(":")[0]
        for owner, accepts in ((system, intents[system].accepts if system in intents else {}), ("", workspace)):
            if diagnostic.code in accepts and diagnostic.code in _ACCEPTABLE:
                used.add((owner, diagnostic.code))
                message = f"{diagnostic.message}; accepted: {accepts[diagnostic.code]}"
                diagnostic = replace(  # noqa: PLW2901 - the note stands for it
                    diagnostic, severity=Severity.NOTE, message=message, help="no action needed"
                )
                break
        results.append(diagnostic)
    return (*results, *_idle(intents, workspace, used))


def _idle(
    intents: Mapping[str, Intent], workspace: Mapping[str, str], used: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    accepted = [(name, code) for name, intent in intents.items() for code in intent.accepts]
    for owner, code in [*accepted, *(("", code) for code in workspace)]:
        if (owner, code) not in used and code in _ACCEPTABLE:
            owner_name = f"system `{owner}`" if owner else "the workspace"
            path = f"{owner}:metadata.accepts.{code}" if owner else f"metadata.accepts.{code}"
            yield codes.IDLE.at(None, f"{owner_name} accepts {code}, but this change does not trigger it", path=path)
