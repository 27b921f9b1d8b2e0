"""`mlopsctl set`: change values of a spec and nothing else in the file.

Exit codes: 0 success, 1 unknown path or a change with a new error (nothing is written), 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.cli import output as report
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb
from mlopsctl.project import discovery as projects

if TYPE_CHECKING:
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.resolve.documents import Document, Documents


@click.command(cls=Verb, name="set")
@click.argument("arguments", metavar="PATH=VALUE... [SPEC]", nargs=-1, required=True)
def command(arguments: tuple[str, ...]) -> int:
    """Change values of a spec in place; comments, quotes, order and line ends are preserved.

    PATH is a dotted path from `spec` on; VALUE is a YAML value on one line. SPEC is a spec, a workspace file or a
    folder. Default: the nearest one in this folder or above it.
    """
    from mlopsctl.edit.file import new_errors, write

    settings, path = _settings_and_path(arguments)
    project = projects.load(path)
    document = _document(project, path)
    if document is None:
        report.show(project.diagnostics, (), project.root, "text")
        return cli.ERRORS
    diagnostics, values = _new_values(project, document, settings)
    if diagnostics:
        return _refuse(project, diagnostics)
    file = project.root / document.file
    before = file.read_bytes()
    content = _edited(document, before, values)
    if isinstance(content, list):
        return _refuse(project, content)
    if content == before:
        terminal.echo(f"{document.file}: nothing to change")
        return cli.OK
    diagnostics = new_errors(project.documents, _with(project.documents, document, content))
    if diagnostics:
        return _refuse(project, diagnostics, {document.file: content})
    write(file, before, content, project.root)
    for line in _differences(before, content):
        terminal.echo(f"{document.file}:{line}")
    return cli.OK


def _settings_and_path(arguments: Sequence[str]) -> tuple[list[tuple[str, str]], str | None]:
    """Split settings, which contain a `=`, from the path at the end."""
    settings = [tuple(argument.split("=", 1)) for argument in arguments if "=" in argument]
    paths = [argument for argument in arguments if "=" not in argument]
    if not settings or len(paths) > 1:
        raise click.UsageError(
            "write PATH=VALUE, such as spec.features.views.card_activity.ttl=3h, and at most one SPEC"
        )
    return [(path, value) for path, value in settings], paths[0] if paths else None


def _document(project: projects.Project, path: str | None) -> Document | None:
    """Choose the document: the given one, else the only spec; None where none is readable."""
    documents = project.documents
    if project.focus:
        return next((system for system in documents.systems if system.file == project.focus), None)
    if documents.workspace and path and (project.root / documents.workspace.file).samefile(path):
        return documents.workspace
    if len(documents.systems) > 1:
        files = ", ".join(system.file for system in documents.systems)
        raise click.UsageError(f"choose one spec: {files}; or the workspace file")
    return documents.systems[0] if documents.systems else None


def _new_values(
    project: projects.Project, document: Document, settings: Sequence[tuple[str, str]]
) -> tuple[list[Diagnostic], Any]:
    """Return the document's plain data with every value set, or diagnostics about unknown paths."""
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.edit.paths import locate, with_value
    from mlopsctl.source.node import plain
    from mlopsctl.spec.system import MLSystem
    from mlopsctl.spec.workspace import Workspace

    root = Workspace if document is project.documents.workspace else MLSystem
    diagnostics, data = [], plain(document.node)
    for dotted, text in settings:
        value, place = _value(dotted, text), locate(root, document.node, dotted)
        if isinstance(place, Diagnostic):
            diagnostics.append(place)
        else:
            data = with_value(data, place, value)
    return diagnostics, data


def _value(path: str, text: str) -> object:
    """Parse a value as YAML; raise a usage error where it is invalid or has more than one line."""
    from mlopsctl.source.node import Scalar, plain
    from mlopsctl.source.reader import read

    if not text.strip() or text.strip() in ("null", "~"):
        return None
    node, diagnostics = read(text.encode(errors="surrogateescape"), "VALUE")
    if node is None or diagnostics or "\n" in text:
        why = diagnostics[0].message if diagnostics else "it has more than one line"
        raise click.UsageError(f"the value for `{path}` cannot be read: {why}")
    if not isinstance(node, Scalar) and text.lstrip()[0] not in "{[":
        raise click.UsageError(f"the value for `{path}` is more than a string in YAML: put it in quotes or braces")
    return plain(node)


def _edited(document: Document, before: bytes, values: Any) -> bytes | list[Diagnostic]:
    from mlopsctl.diagnostics.codes import lock as codes
    from mlopsctl.diagnostics.model import Place
    from mlopsctl.edit.rewrite import Style, rewrite

    content = rewrite(before, values, Style())
    if content is None:
        return [codes.NOT_IN_PLACE.at(Place(document.node.span), "the value cannot be changed in place")]
    return content


def _with(documents: Documents, document: Document, content: bytes) -> Documents:
    """Return the documents with one of them parsed from other bytes."""
    from mlopsctl.resolve.documents import Document as New
    from mlopsctl.source.reader import read

    node, diagnostics = read(content, document.file)
    assert node is not None  # noqa: S101 - the edit was read back
    new = New(document.file, node)
    if document is documents.workspace:
        return replace(documents, workspace=new, diagnostics=(*documents.diagnostics, *diagnostics))
    systems = tuple(new if system is document else system for system in documents.systems)
    return replace(documents, systems=systems, diagnostics=(*documents.diagnostics, *diagnostics))


def _refuse(
    project: projects.Project, diagnostics: Sequence[Diagnostic], edited: dict[str, bytes] | None = None
) -> int:
    from mlopsctl.compiler import environments

    report.show(diagnostics, environments(project.documents), project.root, "text", edited)
    terminal.echo("nothing is written", err=True)
    return cli.ERRORS


def _differences(before: bytes, after: bytes) -> list[str]:
    """Return the differing lines."""
    from difflib import SequenceMatcher

    old, new = before.decode().splitlines(), after.decode().splitlines()
    lines = []
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            lines += [f"{a + 1}: - {line.strip()}" for line in old[a:b]] + [
                f"{c + 1}: + {line.strip()}" for line in new[c:d]
            ]
    return lines
