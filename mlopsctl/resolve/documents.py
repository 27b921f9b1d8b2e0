"""The documents of a compile: names, the workspace and the lock, from node trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.diagnostics.codes import policy, references, shape
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.origin import Origin
from mlopsctl.resolve.plugins import enable_named, without_followers
from mlopsctl.source.node import Items, Node, Path, Scalar, find, key_span
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.lock import Lock
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import validate

LOCAL = "local"


class Document(NamedTuple):
    """A file: its displayed name and its node tree."""

    file: str
    node: Node


class Documents(Struct, frozen=True):
    """The input of a compile. Without a workspace there is exactly one system.

    `unread` are files of the project that could not be read. `found` are the diagnostics of reading. `output` overrides
    the documents' output folder. `beside` counts the systems that were skipped on purpose. `extra` are the manifests
    that specs name, by file.
    """

    systems: tuple[Document, ...]
    workspace: Document | None = None
    lock: Document | None = None
    lock_file: str = "mlops.lock"
    unread: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    output: str | None = None
    not_read: int = 0
    extra: Mapping[str, Document] = {}

    @property
    def all(self) -> Iterator[Document]:
        """Yield every document."""
        yield from self.systems
        yield from (document for document in (self.workspace, self.lock) if document)


def workspace(
    documents: Documents, diagnostics_found: list[Diagnostic]
) -> tuple[workspace_spec.Workspace | None, Origin | None]:
    """Return the workspace, or without a file the default one with the environment `local`."""
    if documents.workspace:
        problems = enable_named(documents.workspace.node)
        spec, diagnostics, lost = validate(workspace_spec.Workspace, documents.workspace.node)
        diagnostics_found += (*problems, *without_followers(diagnostics, problems))
        return spec, Origin(documents.workspace.file, documents.workspace.node, *lost)
    node = documents.systems[0].node
    output = find(node, ("spec", "output"))
    spec = workspace_spec.Workspace.model_construct(
        metadata=workspace_spec.WorkspaceMetadata.model_construct(name=name_of(node) or "unnamed", description=""),
        spec=workspace_spec.WorkspaceSpec.model_construct(
            systems=(),
            output=str(output.value) if isinstance(output, Scalar) and output.value else None,
            environments={LOCAL: workspace_spec.Environment.model_construct()},
        ),
    )
    return spec, None


def lock(
    documents: Documents, environment_names: Iterable[str], diagnostics_found: list[Diagnostic]
) -> tuple[Lock | None, Origin | None]:
    """Return the lock and its origin.

    An invalid lock counts as unknown. An unknown environment in the lock may be a misspelt one.
    """
    if documents.lock:
        spec, diagnostics, lost = validate(Lock, documents.lock.node)
        diagnostics_found += diagnostics
        locked_environments = spec.environments if spec else {}
        absent = (
            []
            if all(name in environment_names for name in locked_environments)
            else [name for name in environment_names if name not in locked_environments]
        )
        uncertain = lost.uncertain | {("environments", name) for name in absent}
        return spec, Origin(documents.lock.file, documents.lock.node, lost.left_out, uncertain)
    if documents.lock_file in documents.unread:
        nothing = Scalar(None, Span(documents.lock_file, 1, 1, 1, 1), "")
        return None, Origin(documents.lock_file, nothing, frozenset({()}))
    return None, None


def name_of(node: Node) -> str | None:
    """Return the document's own name; None without one."""
    name = find(node, ("metadata", "name"))
    return name.value if isinstance(name, Scalar) and isinstance(name.value, str) else None


def distinct(systems: tuple[Document, ...], diagnostics: list[Diagnostic]) -> tuple[Document, ...]:
    """Keep the first of two systems with the same name, and report the second."""
    by_name: dict[str, Document] = {}
    for document in systems:
        name = name_of(document.node) or document.file
        if name in by_name:
            first = find(by_name[name].node, ("metadata", "name"))
            second = find(document.node, ("metadata", "name"))
            related = (Place(first.span, "first defined here"),) if first else ()
            place = Place(second.span if second else document.node.span)
            message = f"a system named `{name}` already exists"
            diagnostics.append(references.REPEATED_SYSTEM.at(place, message, related=related, path="metadata.name"))
        else:
            by_name[name] = document
    return tuple(by_name.values())


def environments(documents: Documents, environment_names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Report overrides and lock entries for an environment that does not exist."""
    alone = documents.workspace is None
    for document in documents.all:
        yield from _patched_environments(document, environment_names, alone)
    for document in documents.systems:
        message = "the override names environment `{}`, which does not exist"
        yield from _unknown(
            document, ("spec", "overrides"), environment_names, alone, shape.UNKNOWN_ENVIRONMENT, message
        )
    if documents.lock:
        message = "the lock names environment `{}`, which does not exist"
        yield from _unknown(documents.lock, ("environments",), environment_names, alone, policy.OTHER_LOCK, message)


def _patched_environments(document: Document, names: tuple[str, ...], alone: bool) -> Iterator[Diagnostic]:
    """Report environments of patches and manifests that do not exist."""
    sections = {"patches": "patch", "extra": "manifest"}
    entries = {("spec", key): find(document.node, ("spec", key)) for key in sections}
    names_of = {key: section.entries if isinstance(section, MappingNode) else () for key, section in entries.items()}
    for path, what in (((*key, name, "environments"), sections[key[1]]) for key in names_of for name in names_of[key]):
        chosen = find(document.node, path)
        for index, name in enumerate(chosen.values if isinstance(chosen, Items) else ()):
            if isinstance(name, Scalar) and isinstance(name.value, str) and name.value not in names:
                message = f"the {what} names environment `{name.value}`, which does not exist"
                dotted = ".".join(map(str, (*path, index)))
                help = _known(name.value, names, alone)
                yield shape.UNKNOWN_ENVIRONMENT.at(Place(name.span), message, help=help, path=dotted)


def _known(name: str, names: tuple[str, ...], alone: bool) -> str:
    """Return the hint for an environment that does not exist."""
    if alone:
        return "without a workspace file, the only environment is `local`"
    return did_you_mean(name, names) or f"known names: {', '.join(names)}"


def _unknown(
    document: Document, path: Path, environment_names: tuple[str, ...], alone: bool, code: Code, message: str
) -> Iterator[Diagnostic]:
    section = find(document.node, path)
    for name in section.entries if isinstance(section, MappingNode) else ():
        if name not in environment_names:
            help = _known(name, environment_names, alone)
            place = Place(key_span(document.node, (*path, name)))
            yield code.at(place, message.format(name), help=help, path=".".join(map(str, (*path, name))))


def shapes(systems: Iterable[Document]) -> Iterator[Diagnostic]:
    """Validate each system alone if the workspace is unknown; skip values with variables."""
    for document in systems:
        for finding in validate(MLSystem, document.node)[1]:
            if not waits(document.node, finding):
                yield finding


def waits(node: Node, finding: Diagnostic) -> bool:
    """Return whether a diagnostic is about a text with an unresolved variable."""
    value = find(node, tuple(int(part) if part.isdigit() else part for part in finding.path.split(".")))
    return isinstance(value, Scalar) and "${" in value.text
