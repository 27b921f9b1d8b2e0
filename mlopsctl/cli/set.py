"""`mlopsctl set`: change values of a spec, and nothing else of the file.

Exit codes: 0 fine, 1 a path leads nowhere or the change would bring a new error (nothing was written), 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.cli import project as projects
from mlopsctl.cli import report

if TYPE_CHECKING:
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.resolve.documents import Document, Documents


@click.command(name="set")
@click.argument("words", metavar="PATH=VALUE... [SPEC]", nargs=-1, required=True)
def command(words: tuple[str, ...]) -> int:
    """Change values of a spec in place: comments, quotes, order and line ends stay.

    PATH is keys with dots between them, from `spec` on; VALUE is a YAML value on one line. SPEC is a spec, a workspace
    file or a folder; left out, the nearest one here or above.
    """
    from mlopsctl.cli import locks

    settings, path = _words(words)
    project = projects.load(path)
    document = _document(project, path)
    if document is None:
        report.show(project.diagnostics, (), project.root, "text")
        return cli.ERRORS
    found, wanted = _wanted(project, document, settings)
    if found:
        return _refuse(project, found)
    file = project.root / document.file
    before = file.read_bytes()
    content = _edited(document, before, wanted)
    if isinstance(content, list):
        return _refuse(project, content)
    if content == before:
        click.echo(f"{document.file}: nothing to change")
        return cli.OK
    found = locks.new_errors(project.documents, _with(project.documents, document, content))
    if found:
        return _refuse(project, found, {document.file: content})
    locks.write(file, before, content, project.root)
    for line in _differences(before, content):
        click.echo(f"{document.file}:{line}")
    return cli.OK


def _words(words: Sequence[str]) -> tuple[list[tuple[str, str]], str | None]:
    """Tell settings, which hold a `=`, from the path at the end."""
    settings = [tuple(word.split("=", 1)) for word in words if "=" in word]
    paths = [word for word in words if "=" not in word]
    if not settings or len(paths) > 1:
        raise click.UsageError("write PATH=VALUE, as spec.features.views.card_activity.ttl=3h, and at most one SPEC")
    return [(path, value) for path, value in settings], paths[0] if paths else None


def _document(project: projects.Project, path: str | None) -> Document | None:
    """Choose the document: the one that was named, else the only spec; None where none could be read."""
    documents = project.documents
    if project.focus:
        return next((one for one in documents.systems if one.file == project.focus), None)
    if documents.workspace and path and (project.root / documents.workspace.file).samefile(path):
        return documents.workspace
    if len(documents.systems) > 1:
        known = ", ".join(one.file for one in documents.systems)
        raise click.UsageError(f"name one spec: {known}; or the workspace's file")
    return documents.systems[0] if documents.systems else None


def _wanted(
    project: projects.Project, document: Document, settings: Sequence[tuple[str, str]]
) -> tuple[list[Diagnostic], Any]:
    """Return the document's plain data with every value set, or the findings about paths that lead nowhere."""
    from mlopsctl.diagnostics.model import Diagnostic
    from mlopsctl.edit.paths import locate, with_value
    from mlopsctl.source.node import plain
    from mlopsctl.spec.system import MLSystem
    from mlopsctl.spec.workspace import Workspace

    root = Workspace if document is project.documents.workspace else MLSystem
    found, data = [], plain(document.node)
    for dotted, text in settings:
        value, place = _value(dotted, text), locate(root, document.node, dotted)
        if isinstance(place, Diagnostic):
            found.append(place)
        else:
            data = with_value(data, place, value)
    return found, data


def _value(path: str, text: str) -> object:
    """Read a value as YAML; a usage error where it is none, or takes more than a line."""
    from mlopsctl.source.node import Scalar, plain
    from mlopsctl.source.reader import read

    if not text.strip() or text.strip() in ("null", "~"):
        return None
    node, found = read(text.encode(errors="surrogateescape"), "VALUE")
    if node is None or found or "\n" in text:
        why = found[0].message if found else "it takes more than one line"
        raise click.UsageError(f"the value for `{path}` cannot be read: {why}")
    if not isinstance(node, Scalar) and text.lstrip()[0] not in "{[":
        raise click.UsageError(f"the value for `{path}` reads as more than a text: put it in quotes, or in braces")
    return plain(node)


def _edited(document: Document, before: bytes, wanted: Any) -> bytes | list[Diagnostic]:
    from mlopsctl.diagnostics.codes import lock as codes
    from mlopsctl.diagnostics.model import Place
    from mlopsctl.edit.rewrite import Style, rewrite

    content = rewrite(before, wanted, Style())
    if content is None:
        return [codes.NOT_IN_PLACE.at(Place(document.node.span), "the value cannot be changed in place")]
    return content


def _with(documents: Documents, document: Document, content: bytes) -> Documents:
    """Return the documents with one of them read from other bytes."""
    from mlopsctl.resolve.documents import Document as New
    from mlopsctl.source.reader import read

    node, found = read(content, document.file)
    assert node is not None  # noqa: S101 - the edit was read back
    new = New(document.file, node)
    if document is documents.workspace:
        return replace(documents, workspace=new, found=(*documents.found, *found))
    systems = tuple(new if one is document else one for one in documents.systems)
    return replace(documents, systems=systems, found=(*documents.found, *found))


def _refuse(project: projects.Project, found: Sequence[Diagnostic], edited: dict[str, bytes] | None = None) -> int:
    from mlopsctl.compile import environments

    report.show(found, environments(project.documents), project.root, "text", edited)
    click.echo("nothing is written", err=True)
    return cli.ERRORS


def _differences(before: bytes, after: bytes) -> list[str]:
    """Show the lines that differ, as a person would compare them."""
    from difflib import SequenceMatcher

    old, new = before.decode().splitlines(), after.decode().splitlines()
    found = []
    for word, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word != "equal":
            found += [f"{a + 1}: - {line.strip()}" for line in old[a:b]] + [
                f"{c + 1}: + {line.strip()}" for line in new[c:d]
            ]
    return found
