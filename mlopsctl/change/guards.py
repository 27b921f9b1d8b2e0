"""What a change must not do unless somebody means it: the guards, and what lifts them.

In: the changes of one environment and both sides. Out: findings, errors unless a spec accepts the code with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from mlopsctl.change.consequences import Sides
from mlopsctl.change.graph import title
from mlopsctl.change.model import Change, Effect, Intent
from mlopsctl.change.whole import moved, reads
from mlopsctl.diagnostics.codes import change as codes
from mlopsctl.diagnostics.model import Diagnostic, Severity

_ENVIRONMENT: Final = "workspace:environments."
_ENDPOINTS: Final = "serving.endpoints."
_USES: Final = ("data.sources.", "features.", "checks.gates.", "metadata.name")
_LIFTED: Final = frozenset(code.code for code in codes.CODES)
_PLACES: Final = (".cluster", ".namespace")


def guards(changes: Iterable[Change], sides: Sides, environment: str) -> Iterator[Diagnostic]:
    """Find what an environment's changes do to what serves there."""
    for change in changes:
        found = [*_of(change, sides)]
        yield from (replace(one, environments=(environment,)) for one in found)


def _of(change: Change, sides: Sides) -> Iterator[Diagnostic]:
    users = _users(change, sides) if _takes_away(change, sides) else []
    what = f"{change.system}:{change.path}" if change.system else change.path
    if change.path.startswith(_ENVIRONMENT) and change.path.endswith(_PLACES):
        message = f"`{change.path.rpartition('.')[2]}` moves from {change.old} to {change.new}"
        yield codes.MOVED.at(None, f"{message}: everything is made anew there, and pruned here", path=what)
    if users:
        new = change.action == "added"
        them = f"what {_listed(users, 'serves', 'serve')} does not know" if new else _listed(users, "uses", "use")
        told = f"{_what(change)} is {_done(change)}, and {them} it"
        yield codes.USED.at(None, told, path=what)
    yield from _serving(change, sides, what)
    if (
        change.action == "removed"
        and not moved(change.path, change.system, sides)
        and _is_view(change.path)
        and _is_feast(change.system, sides)
    ):
        name = change.path.rpartition(".")[2]
        yield codes.SILENT.at(None, f"Feast deletes view `{name}` without a word", path=what)


def _serving(change: Change, sides: Sides, what: str) -> Iterator[Diagnostic]:
    """Find an endpoint that goes, or answers under another name, while somebody may call it."""
    if not change.path.startswith(_ENDPOINTS) or change.path.count(".") != 2 or change.action == "added":
        return
    name = change.old if change.action == "renamed" else change.path.removeprefix(_ENDPOINTS)
    of = sides.before.get(change.system)
    for one in of.endpoints if of else ():
        if one.spec_name == name and change.action in ("removed", "renamed"):
            message = f"`{_ENDPOINTS}{name}` is {change.action}, and version {one.stable.version.version} serves there"
            yield codes.USED.at(None, message, path=what)


def _takes_away(change: Change, sides: Sides) -> bool:
    gone = change.action == "removed" and not moved(change.path, change.system, sides)
    if change.path.startswith(_ENVIRONMENT):
        return gone and change.path.count(".") == 1
    retyped = any(one.effect is Effect.BREAKS for one in change.consequences)
    return change.path.startswith(_USES) and (gone or retyped)


def _done(change: Change) -> str:
    return f"changed from {change.old} to {change.new}" if change.action == "changed" else change.action


def _what(change: Change) -> str:
    if change.path == "metadata.name" and change.action == "removed":
        return f"system `{change.system}`"
    named = f"`{change.path.removeprefix('workspace:')}`"
    return f"{named}, until now `{change.old}`," if change.action == "renamed" else named


def _users(change: Change, sides: Sides) -> list[str]:
    """Name the endpoints with a served version that the change reaches."""
    if change.path.startswith(_ENVIRONMENT):
        return [title(of, one) for of in sides.before.values() for one in of.endpoints]
    if change.path == "metadata.name" and change.action == "removed":
        gone = sides.before.get(change.system)
        chains = [title(gone, one) for one in gone.endpoints] if gone else []
        reading = [name for name, one in sides.after.items() if reads(one, change.system)]
        return [*chains, *(f"system {name}" for name in reading)]
    words = [chain[-1] for chain in change.chains if chain and "endpoint " in chain[-1]]
    return list(dict.fromkeys(words))


def _is_view(path: str) -> bool:
    return path.startswith("features.views.") and path.count(".") == 2


def _is_feast(system: str, sides: Sides) -> bool:
    of = sides.before.get(system)
    return of is not None and of.engines.features.name == "feast"


def _listed(users: list[str], one: str, several: str) -> str:
    *rest, last = users
    return f"{', '.join(rest)} and {last} {several}" if rest else f"{last} {one}"


def lifted(
    found: Iterable[Diagnostic], intents: Mapping[str, Intent], workspace: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Turn guards that a spec or the workspace accepts into notes with the reason; tell of what nothing needs."""
    used: set[tuple[str, str]] = set()
    told = []
    for one in found:
        system = one.path.partition(":")[0]
        for owner, accepts in ((system, intents[system].accepts if system in intents else {}), ("", workspace)):
            if one.code in accepts:
                used.add((owner, one.code))
                message = f"{one.message}; accepted: {accepts[one.code]}"
                one = replace(one, severity=Severity.NOTE, message=message, help="nothing needs to be done")  # noqa: PLW2901
                break
        told.append(one)
    return (*told, *_idle(intents, workspace, used))


def _idle(
    intents: Mapping[str, Intent], workspace: Mapping[str, str], used: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    accepted = [(name, code) for name, one in intents.items() for code in one.accepts]
    for owner, code in [*accepted, *(("", code) for code in workspace)]:
        if (owner, code) not in used and code in _LIFTED:
            whose = f"system `{owner}`" if owner else "the workspace"
            path = f"{owner}:metadata.accepts.{code}" if owner else f"metadata.accepts.{code}"
            yield codes.IDLE.at(None, f"{whose} accepts {code}, and this change does nothing of the kind", path=path)
