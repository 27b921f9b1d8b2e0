"""The compile, as one visible list of steps: documents, landscapes, rules, Blueprints, files.

In: documents that were read. Out: what was made, and every finding with its place. Never reads or writes a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mlopsctl import rules
from mlopsctl.blueprint import build
from mlopsctl.blueprint.model import Blueprint, Shared
from mlopsctl.blueprint.names import SHARED
from mlopsctl.diagnostics.model import Diagnostic, Severity, has_errors, merge
from mlopsctl.resolve.documents import workspace
from mlopsctl.resolve.landscape import Document, Documents, resolve
from mlopsctl.resolve.model import Landscape, Origin, System, Workspace
from mlopsctl.resolve.shadows import telling
from mlopsctl.resolve.stack import NOTHING
from mlopsctl.targets import CI, DELIVERY, TARGETS, Target, for_engines

if TYPE_CHECKING:
    from mlopsctl.tree.fileset import FileSet

_UNCLEAR = ("MLC0", "MLC1", "MLC2")
"""Errors after which it is not known what a spec means. After others it is, and more can be found."""


def check(
    documents: Documents, only: Iterable[str] = (), *, broken: bool = False, instead: Mapping[str, Any] = NOTHING
) -> tuple[tuple[Shared, ...], tuple[Diagnostic, ...]]:
    """Check every spec in every environment and decide everything; `only` limits the environments.

    A system with an error has no Blueprint in the result, and what it shares is not checked further. With `broken` it
    has, where it is understood and only its relations are wrong: a plan tells what such a change would do. `instead`
    has engines, by environment and stage, that stand in the place of the chosen ones.
    """
    landscapes, found = resolve(documents, instead)
    found = (*documents.found, *found, *_texts(documents))
    names = tuple(landscape.environment.name for landscape in landscapes)
    wanted = set(only) or set(names)
    diagnostics = [d for d in found if not d.environments or d.environments[0] in wanted]
    shared = []
    for landscape in landscapes:
        if landscape.environment.name in wanted:
            made, more = _landscape(landscape, diagnostics, broken=broken)
            shared.append(made)
            diagnostics += more
    return tuple(shared), merge(telling(documents, diagnostics), tuple(n for n in names if n in wanted))


def _texts(documents: Documents) -> Iterator[Diagnostic]:
    """Look at the texts of everything that was read."""
    shared = (one for one in (documents.workspace, documents.lock) if one)
    yield from rules.texts.texts((Origin(one.file, one.node) for one in documents.systems), filled=True)
    yield from rules.texts.texts((Origin(one.file, one.node) for one in shared), filled=False)


def _landscape(landscape: Landscape, before: Iterable[Diagnostic], *, broken: bool) -> tuple[Shared, list[Diagnostic]]:
    """Run the rules, then decide every system: what is wrong with it may only show then."""
    name = landscape.environment.name
    ruled = [d.in_environment(name) for d in rules.run(landscape)]
    errors = [
        d
        for d in (*before, *ruled)
        if d.place and d.severity is Severity.ERROR and (not d.environments or name in d.environments)
    ]
    wrong = set() if broken else {d.place.span.file for d in errors if d.place}
    platform = landscape.workspace.origin
    unclear = {d.place.span.file for d in errors if d.place and d.code.startswith(_UNCLEAR)}
    made: list[Blueprint] = []
    decided: list[Blueprint] = []
    found: list[Diagnostic] = []
    clear = platform is None or platform.file not in unclear
    for system in landscape.systems.values():
        if clear and system.origin.file not in unclear and not system.origin.left_out:
            blueprint, diagnostics = build.blueprint(system, landscape.size)
            limits = [d for target in for_engines(blueprint.engines) for d in target.load_limits().limits(blueprint)]
            found += [_placed(d, system) for d in (*diagnostics, *limits)]
            decided.append(blueprint)
            if system.origin.file not in wrong:
                made.append(blueprint)
    shared, diagnostics = build.shared(landscape, tuple(decided))
    together = [d for target in for_engines(shared.engines) for d in _limits_shared(target.load_limits(), shared)]
    together = together if clear else []
    found += [_placed(_chosen_here(d, landscape), _owner(d, landscape)) for d in (*diagnostics, *together)]
    shared = shared if made == decided else build.shared(landscape, tuple(made))[0]
    return shared, ruled + [d.in_environment(name) for d in found]


def _limits_shared(limits: Any, shared: Shared) -> tuple[Diagnostic, ...]:
    """Ask a target what its engine cannot do for the systems together, where it has an answer."""
    found: tuple[Diagnostic, ...] = limits.limits_shared(shared) if hasattr(limits, "limits_shared") else ()
    return found


def _owner(diagnostic: Diagnostic, landscape: Landscape) -> System | Workspace:
    """Return what a finding about several is of: `card-fraud:spec.data` names a system, `spec.stack` none."""
    system, colon, _ = diagnostic.path.partition(":")
    return landscape.systems[system] if colon else landscape.workspace


def _chosen_here(diagnostic: Diagnostic, landscape: Landscape) -> Diagnostic:
    """Speak of the environment's own choice of an engine, where it makes one, and not of the workspace's."""
    section, stack, stage = (*diagnostic.path.split("."), "", "", "")[:3]
    own = ("spec", "environments", landscape.environment.name, "stack", stage)
    origin = landscape.workspace.origin
    if (section, stack) != ("spec", "stack") or origin is None or not origin.has(*own):
        return diagnostic
    return replace(diagnostic, path=".".join((*own, *diagnostic.path.split(".")[3:])))


def _placed(diagnostic: Diagnostic, owner: System | Workspace) -> Diagnostic:
    """Give a finding that knows its spec path the place in the file."""
    if diagnostic.place or owner.origin is None:
        return diagnostic
    dotted = diagnostic.path.rpartition(":")[2]
    path: list[str | int] = [int(part) if part.isdigit() else part for part in dotted.split(".")]
    return replace(diagnostic, path=dotted, place=owner.origin.value(*path))


def blueprint(documents: Documents, environment: str, system: str) -> Blueprint | None:
    """Return one system's Blueprint in one environment; None where an error stands in its way."""
    for shared in check(documents, (environment,))[0]:
        for made in shared.systems:
            if made.identity.system == system:
                return made
    return None


_APART = (DELIVERY, CI)
"""Stages whose targets render neither a system nor what systems share."""


def render(shared: Shared) -> dict[str, FileSet]:
    """Render one environment: the files of each unit, which are its systems and what they share."""
    from mlopsctl.tree.fileset import FileSet

    targets = tuple(for_engines(shared.engines))
    engines = tuple(target for target in targets if target.stage not in _APART)
    units: dict[str, FileSet] = {}
    for system in shared.systems:
        units[system.identity.system] = FileSet.union(
            target.load().render(system).under(target.name)
            for target in for_engines(system.engines)
            if target.stage not in _APART
        )
    units[SHARED] = FileSet.union(
        module.render_shared(shared).under(target.name)
        for target in engines
        if hasattr(module := target.load(), "render_shared")
    )
    for target in targets:
        if target.stage == DELIVERY:
            units = _delivered(target, shared, units)
    return units


def render_with_origins(shared: Shared) -> dict[str, FileSet]:
    """Render one environment so that every text knows what its lines come from."""
    from mlopsctl.emit import origin

    with origin.kept():
        return render(shared)


def render_repository(shared: Shared, version: str) -> FileSet:
    """Render what the workspace asks of its repository: files outside of the output tree, named from the root."""
    from mlopsctl.tree.fileset import FileSet

    asked = (target for target in for_engines(shared.engines) if target.stage == CI)
    return FileSet.union(target.load().render_repository(shared, version) for target in asked)


def repository_places() -> tuple[str, ...]:
    """Return where files of a repository may lie that some render wrote; `*` stands for a workspace."""
    return tuple(target.load_conventions().PLACE for target in TARGETS if target.stage == CI)


def _delivered(target: Target, shared: Shared, units: Mapping[str, FileSet]) -> dict[str, FileSet]:
    """Add to each unit what delivers it; a delivery target sees all that was rendered."""
    from mlopsctl.tree.fileset import FileSet

    added = target.load().render_delivery(shared, units)
    return {
        unit: FileSet.union((files, added[unit].under(target.name))) if unit in added else files
        for unit, files in units.items()
    }


def ready(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether nothing stands in the way of a render."""
    return not has_errors(diagnostics)


def environments(documents: Documents) -> tuple[str, ...]:
    """Return the names of the environments there are, in their order; none where the workspace was not understood."""
    spec, _ = workspace(documents, [])
    return tuple(spec.spec.environments) if spec else ()


def inputs(documents: Documents) -> Mapping[str, Document]:
    """Return the documents by file, as the index of the output names them."""
    read = [*documents.systems, documents.workspace, documents.lock]
    return {document.file: document for document in read if document}
