"""The compile as one list of steps: documents, landscapes, rules, Blueprints, files; it reads and writes no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mlopsctl import rules
from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.decide.names import SHARED
from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.catalogue.stages import CI, DELIVERY
from mlopsctl.diagnostics.codes import serving
from mlopsctl.diagnostics.model import Diagnostic, Severity, has_errors, merge
from mlopsctl.engines.base import Facts
from mlopsctl.engines.known import engines, for_engines
from mlopsctl.errors import MlopsctlError, OperationError
from mlopsctl.resolve.documents import Document, Documents, name_of, workspace
from mlopsctl.resolve.landscape import resolve
from mlopsctl.resolve.model import Landscape, System, Workspace
from mlopsctl.resolve.origin import Origin
from mlopsctl.resolve.stack import NOTHING
from mlopsctl.resolve.suppress import reported

if TYPE_CHECKING:
    from mlopsctl.overlay.model import Finding
    from mlopsctl.tree.fileset import FileSet

_UNCLEAR = ("MLC0", "MLC1", "MLC2")
"""Prefixes of errors after which a spec's meaning is unknown; after others, checking continues."""


def check(
    documents: Documents, only: Iterable[str] = (), *, broken: bool = False, instead: Mapping[str, Any] = NOTHING
) -> tuple[tuple[Shared, ...], tuple[Diagnostic, ...]]:
    """Check every spec in every environment and decide everything; `only` limits the environments.

    A system with an error has no Blueprint in the result, and what it shares is not checked further. With `broken` it
    has, where it is understood and only its relations are wrong: a plan tells what such a change would do. `instead`
    has engines, by environment and stage, that stand in the place of the chosen ones.
    """
    if not (documents.systems or documents.workspace):
        return (), documents.diagnostics
    landscapes, diagnostics_found = resolve(documents, instead)
    diagnostics_found = (*documents.diagnostics, *diagnostics_found, *_texts(documents))
    names = tuple(landscape.environment.name for landscape in landscapes)
    chosen_names = set(only) or set(names)
    diagnostics = [d for d in diagnostics_found if not d.environments or d.environments[0] in chosen_names]
    shared = []
    for landscape in landscapes:
        if landscape.environment.name in chosen_names:
            decided_shared, more = _landscape(landscape, diagnostics, broken=broken)
            if not (instead or has_errors((*diagnostics, *more))):
                more += _overlay_findings(landscape, decided_shared)
            shared.append(decided_shared)
            diagnostics += more
    return tuple(shared), merge(reported(documents, diagnostics), tuple(n for n in names if n in chosen_names))


def _texts(documents: Documents) -> Iterator[Diagnostic]:
    """Look at the texts of everything that was read."""
    shared = (document for document in (documents.workspace, documents.lock) if document)
    yield from rules.texts.texts((Origin(system.file, system.node) for system in documents.systems), filled=True)
    yield from rules.texts.texts((Origin(environment.file, environment.node) for environment in shared), filled=False)


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
    blueprints: list[Blueprint] = []
    decided: list[Blueprint] = []
    system_diagnostics: list[Diagnostic] = []
    clear = platform is None or platform.file not in unclear
    for system in landscape.systems.values():
        if clear and system.origin.file not in unclear and not system.origin.left_out:
            blueprint, diagnostics = build.blueprint(system, landscape.size)
            limits = [d for engine in for_engines(blueprint.engines) for d in _limits(engine, blueprint)]
            system_diagnostics += [_placed(d, system) for d in (*diagnostics, *limits)]
            decided.append(blueprint)
            if system.origin.file not in wrong:
                blueprints.append(blueprint)
    shared, diagnostics = build.shared(landscape, tuple(decided))
    together = [d for engine in for_engines(shared.engines) for d in _limits_shared(engine, shared)]
    together = together if clear else []
    system_diagnostics += [_placed_together(d, landscape) for d in (*diagnostics, *together)]
    shared = shared if blueprints == decided else build.shared(landscape, tuple(blueprints))[0]
    return shared, ruled + [d.in_environment(name) for d in system_diagnostics]


def _overlay_findings(landscape: Landscape, shared: Shared) -> list[Diagnostic]:
    """Find what is wrong with patches. Where some systems were not read, those of the workspace are not counted."""
    if not has_overlay(shared):
        return []
    from mlopsctl.diagnostics.codes.outside import PATCH_MATCHES

    diagnostics = []
    for finding in _rendered_units(shared)[1]:
        owner = landscape.systems[finding.system] if finding.system else landscape.workspace
        if owner.origin and (finding.code is not PATCH_MATCHES or finding.system or landscape.complete):
            place, path = owner.origin.value(*finding.path), ".".join(map(str, finding.path))
            diagnostic = finding.code.at(place, finding.message, help=finding.help, path=path)
            diagnostics.append(diagnostic.in_environment(landscape.environment.name))
    return diagnostics


def _limits(engine: Facts, blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Yield the limits of an engine that a system hits."""
    with _engine_errors(engine):
        find = engine.limits.system
        return find(blueprint) if find else ()


def _limits_shared(engine: Facts, shared: Shared) -> tuple[Diagnostic, ...]:
    """Find what an engine cannot do for the systems together."""
    with _engine_errors(engine):
        find = engine.limits.shared
        return find(shared) if find else ()


@contextmanager
def _engine_errors(engine: Facts) -> Iterator[None]:
    """Report a failing plug-in engine by its name and package."""
    try:
        yield
    except MlopsctlError:
        raise
    except Exception as error:
        if engine.package.startswith("mlopsctl.engines."):
            raise
        reason = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        message = f"the engine `{engine.name}` of the package {engine.package} failed: {reason}"
        raise OperationError(message) from error


def _placed_together(diagnostic: Diagnostic, landscape: Landscape) -> Diagnostic:
    """Place a finding about several; after a blank its path names the other side, which is shown with it."""
    path, _, other = diagnostic.path.partition(" ")
    own = replace(diagnostic, path=path)
    placed = _placed(_chosen_here(own, landscape), _owner(own, landscape))
    if not other:
        return placed
    system, _, dotted = other.partition(":")
    return replace(placed, related=(landscape.systems[system].origin.value(*dotted.split("."), label="the other one"),))


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
    """Return one system's Blueprint in one environment; None with errors."""
    for shared in check(documents, (environment,))[0]:
        for candidate in shared.systems:
            if candidate.identity.system == system:
                return candidate
    return None


_APART = (DELIVERY, CI)
"""Stages whose engines render neither a system nor what systems share."""


def has_overlay(shared: Shared) -> bool:
    """Return whether anything lies over the rendered objects of an environment."""
    owners: tuple[Blueprint | Shared, ...] = (shared, *shared.systems)
    return any(owner.patches or owner.extra for owner in owners)


def render(shared: Shared) -> dict[str, FileSet]:
    """Render one environment: the files of each unit, which are its systems and what they share."""
    return _rendered_units(shared)[0]


def _rendered_units(shared: Shared) -> tuple[dict[str, FileSet], tuple[Finding, ...]]:
    """Render, patch and deliver; return the files of each unit, and what is wrong with patches."""
    from mlopsctl.tree.fileset import FileSet

    chosen, patches = tuple(for_engines(shared.engines)), has_overlay(shared)
    units: dict[str, list[tuple[Facts, FileSet]]] = {}
    for system in shared.systems:
        engines = [engine for engine in for_engines(system.engines) if engine.stage not in _APART]
        rendered = [(engine, _rendered(engine, system)) for engine in engines]
        # Without patches nobody needs the objects that the texts encode.
        units[system.identity.system] = [(engine, files if patches else files.encoded()) for engine, files in rendered]
    units[SHARED] = [(engine, _rendered_shared(engine, shared)) for engine in chosen if engine.stage not in _APART]
    files, findings = _patched(shared, units)
    if has_overlay(shared):
        from mlopsctl.overlay.extra import joined

        files = joined(shared, files)
    for engine in chosen:
        if engine.stage == DELIVERY:
            added = {unit: [(engine, delivery)] for unit, delivery in _delivered(engine, shared, files).items()}
            delivered, more = _patched(shared, added)
            findings += more
            files = {unit: FileSet.union((own, delivered.get(unit, FileSet()))) for unit, own in files.items()}
    return files, findings


def _patched(
    shared: Shared, units: Mapping[str, Sequence[tuple[Facts, FileSet]]]
) -> tuple[dict[str, FileSet], tuple[Finding, ...]]:
    """Apply the patches of the engines that rendered; return the files of each unit, without the objects they hold."""
    from mlopsctl.tree.fileset import FileSet

    findings: tuple[Finding, ...] = ()
    if has_overlay(shared):
        from mlopsctl.overlay.patching import overlaid

        units, findings = overlaid(shared, units)
    return {unit: FileSet.union(files for _, files in parts).encoded() for unit, parts in units.items()}, findings


def _rendered(engine: Facts, system: Blueprint) -> FileSet:
    from mlopsctl.tree.fileset import FileSet

    with _engine_errors(engine):
        render_system = engine.renderer.system
        return render_system(system).under(engine.folder) if render_system else FileSet()


def _rendered_shared(engine: Facts, shared: Shared) -> FileSet:
    from mlopsctl.tree.fileset import FileSet

    with _engine_errors(engine):
        render_shared = engine.renderer.shared
        return render_shared(shared).under(engine.folder) if render_shared else FileSet()


def render_with_origins(shared: Shared) -> dict[str, FileSet]:
    """Render one environment so that every text knows what its lines come from."""
    from mlopsctl.emit import origin

    with origin.recording():
        return render(shared)


def render_repository(shared: Shared, version: str) -> FileSet:
    """Render the workspace's files outside the output tree, with paths from the repository's root."""
    from mlopsctl.tree.fileset import FileSet

    return FileSet.union(
        render_files(shared, version)
        for engine in for_engines(shared.engines)
        if engine.stage == CI and (render_files := engine.renderer.repository)
    )


def repository_places() -> tuple[str, ...]:
    """Return the paths that rendered files of a repository may have; `*` is a workspace."""
    return tuple(engine.place for engine in engines(CI))


def _delivered(engine: Facts, shared: Shared, units: Mapping[str, FileSet]) -> dict[str, FileSet]:
    """Return what delivers each unit; an engine of delivery sees all that was rendered."""
    with _engine_errors(engine):
        deliver = engine.renderer.delivery
        added = deliver(shared, units) if deliver else {}
    return {unit: files.under(engine.folder) for unit, files in added.items()}


def ready(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether no error prevents a render."""
    return not has_errors(diagnostics)


def unrendered(documents: Documents, shared: Iterable[Shared]) -> tuple[Diagnostic, ...]:
    """Report what is decided and makes no tree: models whose steps have no image, which one machine does not need."""
    systems = {str(name_of(document.node)): Origin(document.file, document.node) for document in documents.systems}
    diagnostics = []
    for environment in shared:
        for system in environment.systems:
            if system.model and not system.model.image:
                name = system.identity.system
                message = f"the training steps of `{name}` have no image"
                place = systems[name].value("spec", "model", "code")
                finding = serving.MODEL_WITHOUT_IMAGE.at(place, message, path="spec.model.code.image")
                diagnostics.append(finding.in_environment(environment.environment))
    return merge(diagnostics, tuple(environment.environment for environment in shared))


def environments(documents: Documents) -> tuple[str, ...]:
    """Return the names of the environments there are, in their order; none where the workspace was not understood."""
    if not (documents.systems or documents.workspace):
        return ()
    spec, _ = workspace(documents, [])
    return tuple(spec.spec.environments) if spec else ()


def inputs(documents: Documents) -> Mapping[str, Document]:
    """Return the documents by file, as the index of the output names them."""
    read = [*documents.systems, documents.workspace, documents.lock, *documents.extra.values()]
    return {document.file: document for document in read if document}
