"""What a compile reads, and what the documents say of themselves: names, the workspace, the lock.

In: node trees of files. Out: the workspace and lock as they were understood, and findings. Never reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from mlopsctl.diagnostics.codes import policy, references, shape
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Diagnostic, Place, Span
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.resolve.model import Origin
from mlopsctl.source.node import Mapping as MappingNode
from mlopsctl.source.node import Node, Path, Scalar, find, key_span
from mlopsctl.spec import workspace as workspace_spec
from mlopsctl.spec.lock import Lock
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import validate

LOCAL = "local"


class Document(NamedTuple):
    """A file that was read: its name as shown to people, and its tree."""

    file: str
    node: Node


class Documents(Struct, frozen=True):
    """Everything a compile reads. Without a workspace there is exactly one system.

    `unread` names the files that belong here and could not be read: what they would have said is not known. `found`
    holds what reading all of them brought up. `output`, where the tree goes, stands over what the documents say.
    `beside` counts the systems of the workspace that were left unread on purpose.
    """

    systems: tuple[Document, ...]
    workspace: Document | None = None
    lock: Document | None = None
    lock_file: str = "mlops.lock"
    unread: tuple[str, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    output: str | None = None
    beside: int = 0

    @property
    def all(self) -> Iterator[Document]:
        """Yield every document that was read."""
        yield from self.systems
        yield from (one for one in (self.workspace, self.lock) if one)


def workspace(documents: Documents, found: list[Diagnostic]) -> tuple[workspace_spec.Workspace | None, Origin | None]:
    """Return the workspace's file, or what stands for it when there is none: one environment, `local`."""
    if documents.workspace:
        spec, diagnostics, lost = validate(workspace_spec.Workspace, documents.workspace.node)
        found += diagnostics
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


def lock(documents: Documents, known: Iterable[str], found: list[Diagnostic]) -> tuple[Lock | None, Origin | None]:
    """Return the lock and where it stands.

    Of a lock that was not understood nothing is known. Where it names an environment that does not exist, one that it
    does not name may be meant.
    """
    if documents.lock:
        one, diagnostics, lost = validate(Lock, documents.lock.node)
        found += diagnostics
        named = one.environments if one else {}
        absent = [] if all(name in known for name in named) else [name for name in known if name not in named]
        uncertain = lost.uncertain | {("environments", name) for name in absent}
        return one, Origin(documents.lock.file, documents.lock.node, lost.left_out, uncertain)
    if documents.lock_file in documents.unread:
        nothing = Scalar(None, Span(documents.lock_file, 1, 1, 1, 1), "")
        return None, Origin(documents.lock_file, nothing, frozenset({()}))
    return None, None


def name_of(node: Node) -> str | None:
    """Return the name that a document gives itself; None where it gives none."""
    name = find(node, ("metadata", "name"))
    return name.value if isinstance(name, Scalar) and isinstance(name.value, str) else None


def distinct(systems: tuple[Document, ...], found: list[Diagnostic]) -> tuple[Document, ...]:
    """Keep the first of two systems of one name, and report the second."""
    seen: dict[str, Document] = {}
    for document in systems:
        name = name_of(document.node) or document.file
        if name in seen:
            first = find(seen[name].node, ("metadata", "name"))
            second = find(document.node, ("metadata", "name"))
            related = (Place(first.span, "first defined here"),) if first else ()
            place = Place(second.span if second else document.node.span)
            message = f"a system named `{name}` exists already"
            found.append(references.REPEATED_SYSTEM.at(place, message, related=related, path="metadata.name"))
        else:
            seen[name] = document
    return tuple(seen.values())


def environments(documents: Documents, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Report overrides and lock entries for an environment that does not exist."""
    alone = documents.workspace is None
    for document in documents.systems:
        message = "there is no environment `{}` to override"
        yield from _unknown(document, ("spec", "overrides"), known, alone, shape.UNKNOWN_ENVIRONMENT, message)
    if documents.lock:
        message = "the lock settles environment `{}`, which does not exist"
        yield from _unknown(documents.lock, ("environments",), known, alone, policy.OTHER_LOCK, message)


def _unknown(
    document: Document, path: Path, known: tuple[str, ...], alone: bool, code: Code, message: str
) -> Iterator[Diagnostic]:
    named = find(document.node, path)
    for name in named.entries if isinstance(named, MappingNode) else ():
        if name not in known:
            help = "without a workspace file there is one environment, `local`"
            help = help if alone else did_you_mean(name, known) or f"there are {', '.join(known)}"
            place = Place(key_span(document.node, (*path, name)))
            yield code.at(place, message.format(name), help=help, path=".".join(map(str, (*path, name))))


def shapes(systems: Iterable[Document]) -> Iterator[Diagnostic]:
    """Report what is wrong with systems by themselves, when nothing is known of the workspace they stand in.

    A value that waits for a variable of an environment cannot be judged.
    """
    for document in systems:
        for finding in validate(MLSystem, document.node)[1]:
            if not waits(document.node, finding):
                yield finding


def waits(node: Node, finding: Diagnostic) -> bool:
    """Tell whether a finding is about a text with a variable that was not filled in."""
    value = find(node, tuple(int(part) if part.isdigit() else part for part in finding.path.split(".")))
    return isinstance(value, Scalar) and "${" in value.text
