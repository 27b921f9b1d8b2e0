"""What every local verb starts with: the spec compiled for one environment, with local stores, written to `.mlops/`.

In: a path, an environment's name. Out: the system's Blueprint and the runner's layout, or None with the findings shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mlopsctl.cli import project as projects
from mlopsctl.cli import report

if TYPE_CHECKING:
    from mlopsctl.blueprint.model import Blueprint, Shared
    from mlopsctl.resolve.documents import Documents
    from mlopsctl.runtime.local.layout import Layout
    from mlopsctl.source.node import Node

_LOCAL = "local"
_LIBRARIES = ("pandas", "sklearn", "mlflow", "feast", "deepchecks")


class Laptop(NamedTuple):
    """One system, decided for this machine."""

    blueprint: Blueprint
    layout: Layout


def need_libraries() -> None:
    """Refuse, in one sentence, where the extra that runs steps is not installed."""
    lacking = [name for name in _LIBRARIES if find_spec(name) is None]
    if lacking:
        raise click.UsageError(
            f"the Python package `{lacking[0]}` is not installed here; steps need an extra: pip install 'mlopsctl[run]'"
        )


@contextmanager
def told() -> Iterator[None]:
    """Put what ends a verb from outside into one sentence; a bug of ours stays one."""
    from mlopsctl.runtime.call import Broken
    from mlopsctl.runtime.failures import known

    try:
        yield
    except click.ClickException:
        raise
    except Broken as broken:
        raise click.ClickException(str(broken)) from broken
    except Exception as error:
        said = known(error)
        if not said:
            raise
        raise click.ClickException(said) from error


def prepare(path: str | None, environment: str | None) -> Laptop | None:
    """Compile the spec, and write the Blueprint and the feature repository that steps read."""
    from mlopsctl.compile import check, ready
    from mlopsctl.runtime.local.laptop import localised
    from mlopsctl.runtime.local.layout import Layout

    project = projects.load(path)
    shared, found = check(_forgetful(project.documents), (environment,) if environment else ())
    names = tuple(one.environment for one in shared)
    diagnostics = (*project.diagnostics, *found)
    if not ready(diagnostics):
        report.show(diagnostics, names, project.root, "text")
        return None
    if not shared:
        raise click.UsageError(f"there is no environment `{environment}`")
    chosen = _environment(shared, environment)
    file, system = _system(project, chosen)
    layout = Layout((project.root / file).parent)
    _same_place(layout)
    here = localised(chosen, layout)
    blueprint = next(one for one in here.systems if one.identity.system == system)
    _write(layout, here, blueprint)
    return Laptop(blueprint, layout)


_LOCKED = ("environments", "*", "models", "*")


def _forgetful(documents: Documents) -> Documents:
    """Forget what a cluster's versions were trained on: features may have changed since, and a run here trains anew."""
    from msgspec.structs import replace

    lock = documents.lock
    if lock is None:
        return documents
    return replace(documents, lock=lock._replace(node=_without_signatures(lock.node, _LOCKED)))


def _without_signatures(node: Node, path: tuple[str, ...]) -> Node:
    from mlopsctl.source.node import Mapping as Keys

    if not isinstance(node, Keys):
        return node
    if not path:
        return node._replace(entries={key: one for key, one in node.entries.items() if key != "signature"})
    return node._replace(
        entries={
            key: one._replace(value=_without_signatures(one.value, path[1:])) if path[0] in ("*", key) else one
            for key, one in node.entries.items()
        }
    )


def _environment(shared: tuple[Shared, ...], named: str | None) -> Shared:
    """Choose the environment: the one named, else `local`, else the only one."""
    found = [one for one in shared if one.environment == named] if named else []
    found = found or [one for one in shared if one.environment == _LOCAL] or list(shared)
    if len(found) != 1:
        raise click.UsageError(f"name an environment with --env; there are: {', '.join(e.environment for e in found)}")
    return found[0]


def _system(project: projects.Project, shared: Shared) -> tuple[str, str]:
    """Choose the system: the spec that was named, else the only one; return its file and its name."""
    from mlopsctl.source.node import Scalar, find

    files = {}
    for document in project.documents.systems:
        name = find(document.node, ("metadata", "name"))
        if isinstance(name, Scalar) and project.focus in (None, document.file):
            files[str(name.value)] = document.file
    known = {name: file for name, file in files.items() if name in {s.identity.system for s in shared.systems}}
    if len(known) != 1:
        raise click.UsageError(f"name one spec to run; there are: {', '.join(sorted(files.values()))}")
    return next((file, system) for system, file in known.items())


def _same_place(layout: Layout) -> None:
    """Refuse a folder that was moved or copied: its registry names its packages by where they were."""
    known = layout.folder / "place"
    here = str(layout.home)
    if known.is_file() and known.read_text(encoding="utf-8") != here:
        made = known.read_text(encoding="utf-8")
        raise click.ClickException(f"{layout.folder} was made at {made} and names files there: remove it to start anew")
    layout.folder.mkdir(parents=True, exist_ok=True)
    _update({known: here})


def _write(layout: Layout, shared: Shared, blueprint: Blueprint) -> None:
    """Write what steps read, where it is not so already."""
    from mlopsctl.blueprint import codec
    from mlopsctl.targets.feast import target

    for folder in (layout.features, layout.steps, layout.logs, layout.metrics, layout.feature_registry.parent):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = {layout.folder / ".gitignore": "*\n", layout.blueprint: codec.dumps(blueprint)}
    for path, content, _ in target.render_shared(shared).files:
        inside, _, name = str(path).rpartition("/")
        if inside == "repo":
            wanted[layout.features / name] = content
    for left_over in layout.features.glob("*.py"):
        if left_over not in wanted:
            left_over.unlink()
    _update(wanted)


def _update(wanted: Mapping[Path, str]) -> None:
    for file, content in wanted.items():
        if not file.is_file() or file.read_text(encoding="utf-8") != content:
            partial = file.with_name(f".{file.name}.partial")
            partial.write_text(content, encoding="utf-8")
            partial.replace(file)
