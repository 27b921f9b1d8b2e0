"""Apply patches to rendered objects, before they are delivered, and check the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.model.patches import Patch
from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.catalogue.stages import DELIVERY
from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.codes.policy import PLAINTEXT_SECRET
from mlopsctl.emit import yaml
from mlopsctl.engines.base import Facts
from mlopsctl.overlay import checks, json_patch, merge_patch, owned_fields, places
from mlopsctl.overlay.extra import identity, twins
from mlopsctl.overlay.matches import miscounted, unknown_engine
from mlopsctl.overlay.model import Finding, Plain, Pointer, Problem, at, plain
from mlopsctl.overlay.traces import traced
from mlopsctl.tree.fileset import File, FileSet

Kind = tuple[str, str]
Fixed = Mapping[Kind, tuple[str, ...]]
"""The fields of kinds that no patch may change, as JSON pointers."""


class Part(NamedTuple):
    """The files that one engine rendered for one unit; `fixed` is a fact of the engine."""

    unit: str
    engine: str
    files: FileSet
    fixed: Fixed


class OwnedPatch(NamedTuple):
    """A patch with the system whose spec has it; the workspace's have none, and apply to every unit."""

    system: str
    patch: Patch


class Patched(NamedTuple):
    """The parts after patching, in their order, and what is wrong with the patches."""

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]


def overlaid(
    shared: Shared, units: Mapping[str, Sequence[tuple[Facts, FileSet]]]
) -> tuple[dict[str, list[tuple[Facts, FileSet]]], tuple[Finding, ...]]:
    """Apply the patches of an environment to what engines rendered, by unit: the workspace's first, then each system's.

    The objects of delivery are rendered from those of the other engines: their patches are applied when they are there.
    """
    names = _engines(shared)
    delivering = any(engine.stage == DELIVERY for parts in units.values() for engine, _ in parts)
    delivery = shared.engines.delivery.name if shared.engines.delivery else ""
    owned = [owned for owned in _owned(shared) if (owned.patch.engine == delivery) is delivering]
    unknown = [finding for system, patch in owned for finding in unknown_engine(system, patch, names)]
    parts = [Part(unit, engine.name, files, engine.fixed) for unit, each in units.items() for engine, files in each]
    results, findings = patched(parts, [each for each in owned if each.patch.engine in names])
    remaining = iter(results)
    together = {unit: [(engine, next(remaining).files) for engine, _ in each] for unit, each in units.items()}
    if not delivering:
        findings = (*findings, *twins(shared, _objects(results)))
    return together, (*unknown, *findings)


def _objects(parts: Iterable[Part]) -> dict[tuple[str, str, str], str]:
    """Return the objects of all parts, with what each is of."""
    return {
        identity(value): f"rendered for {part.engine}" for part in parts for file in part.files for value in file.values
    }


def _engines(shared: Shared) -> set[str]:
    """Return the names of all engines of an environment; a system may have checks of its own."""
    stacks = (shared.engines, *(system.engines for system in shared.systems))
    chosen: list[Engine | None] = [getattr(stack, stage) for stack in stacks for stage in stack.__struct_fields__]
    return {engine.name for engine in chosen if engine}


def _owned(shared: Shared) -> Iterator[OwnedPatch]:
    yield from (OwnedPatch("", patch) for patch in shared.patches)
    for system in shared.systems:
        yield from (OwnedPatch(system.identity.system, patch) for patch in system.patches)


def patched(parts: Sequence[Part], patches: Iterable[OwnedPatch]) -> Patched:
    """Apply patches in their order. An object that a patch would spoil stays as it was."""
    results, findings = list(parts), []
    for owned in patches:
        application = _Application(owned)
        results = [application.part(part) for part in results]
        findings += application.findings
        findings += miscounted(owned.system, owned.patch, application.matched, application.rendered)
    return Patched(tuple(results), tuple(dict.fromkeys(findings)))


class _Application:
    """One patch: what it matches among the rendered objects, what it makes of them and what is wrong with it."""

    def __init__(self, owned: OwnedPatch) -> None:
        self.system, self.patch = owned
        self.matched: list[str] = []
        self.rendered: dict[str, list[str]] = {}
        self.findings: list[Finding] = []

    def part(self, part: Part) -> Part:
        """Return the part with its objects patched."""
        if self.patch.engine != part.engine or self.system not in ("", part.unit):
            return part
        return part._replace(files=FileSet(tuple(self._file(file, part.fixed) for file in part.files)))

    def _file(self, file: File, fixed: Fixed) -> File:
        """Return a file with its objects patched; its text is encoded anew where one is."""
        values = [self._object(value, fixed) for value in file.values]
        changed = [index for index, value in enumerate(values) if value is not file.values[index]]
        if not changed:
            return file
        ranges = list(_ranges(values))
        text = traced(file.content, yaml.dump_all(values), [ranges[index] for index in changed], self.patch)
        return file._replace(content=text, values=tuple(values))

    def _object(self, value: Mapping[str, Any], fixed: Fixed) -> Mapping[str, Any]:
        """Return an object as the patch leaves it: itself where it does not match, or where the patch is wrong."""
        name, kind = _name(value), str(value["kind"])
        self.rendered.setdefault(kind, []).append(name)
        if kind != self.patch.kind or not fnmatchcase(name, self.patch.pattern):
            return value
        self.matched.append(name)
        try:
            after = self._applied(plain(value))
        except json_patch.OperationError as error:
            self._add(codes.PATCH_FAILED, places.operation(self.patch, error.index), f"{error}, in `{name}`")
            return value
        except merge_patch.MergeError as error:
            self._add(codes.PATCH_FAILED, places.blamed(self.patch, ()), f"{error}, in `{name}`")
            return value
        group = str(value["apiVersion"]).rpartition("/")[0]
        problems = _problems(plain(value), after, fixed.get((group, kind), ()))
        for problem in problems:
            for path in self._places(problem, after):
                self._add(problem.code, path, problem.message, problem.help)
        return value if problems else after

    def _applied(self, value: Plain) -> Plain:
        if self.patch.merge is None:
            return json_patch.patched(value, self.patch.json)
        return merge_patch.patched(value, self.patch.merge)

    def _places(self, problem: Problem, after: Plain) -> tuple[Pointer, ...]:
        """Return the paths in the spec of a problem; a secret is masked at each."""
        if problem.code is PLAINTEXT_SECRET:
            return places.holding(self.patch, at(after, problem.pointer))
        return (places.blamed(self.patch, problem.pointer),)

    def _add(self, code: Code, path: Pointer, message: str, help: str = "") -> None:
        self.findings.append(Finding(code, self.system, path, message, help))


def _problems(before: Plain, after: Plain, fixed: Iterable[str]) -> list[Problem]:
    """Return what a patch may not change, or what is wrong with the object since the patch."""
    if owned := list(owned_fields.changed(before, after, fixed)):
        return owned
    already = {*checks.problems(before)}
    return [problem for problem in checks.problems(after) if problem not in already]


def _name(value: Mapping[str, Any]) -> str:
    meta = value["metadata"]
    return str(meta.get("name") or meta.get("generateName", ""))


def _ranges(values: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each document of a text."""
    line = 1
    for value in values:
        count = yaml.dumps(value).count("\n")
        yield line, line + count - 1
        line += count + 1
