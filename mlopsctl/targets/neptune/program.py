"""The program that opens a run as the settings say, in a notebook or anywhere else outside the steps.

In: the installation's generation. Out: a module. It holds no value of the user's: those are in the settings beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.catalogue.neptune import MODE
from mlopsctl.emit import python
from mlopsctl.emit.python import (
    Assign,
    Attribute,
    Call,
    Expr,
    Expression,
    FromImport,
    Gap,
    Import,
    Index,
    Name,
    Statement,
)
from mlopsctl.targets.neptune.conventions import SETTINGS

_RUN = Name("run")
_MODE = Call("os.environ.get", (MODE, "async"))


def program(generation: str) -> str:
    """Write the module for a generation."""
    opened = _generation2() if generation == "2" else _generation3()
    client = "neptune" if generation == "2" else "neptune_scale"
    imports: list[Statement] = [Import("json"), Import("os"), FromImport("pathlib", ("Path",)), Gap(), Import(client)]
    title = f"Open a run as {SETTINGS} says; without a server where {MODE} is offline."
    return python.module(title, [*imports, _settings(), *opened])


def _settings() -> Assign:
    beside = Call(Attribute(Call("Path", (Name("__file__"),)), "with_name"), (SETTINGS,))
    return Assign("settings", Call("json.loads", (Call(Attribute(beside, "read_text"), (), {"encoding": "utf-8"}),)))


def _of(name: str) -> Index:
    return Index(Name("settings"), name)


def _generation2() -> Iterator[Statement]:
    """Yield the run without what its client gathers unasked: source, Git's state, hardware, output."""
    keywords: dict[str, Expression] = {
        "project": _of("project"),
        "custom_run_id": _of("run_id"),
        "name": _of("name"),
        "tags": _of("tags"),
        "mode": _MODE,
        "source_files": [],
        **dict.fromkeys(("git_ref", "capture_hardware_metrics", "capture_stdout", "capture_stderr"), False),
        "capture_traceback": False,
    }
    yield Assign(_RUN, Call("neptune.init_run", keywords=keywords))
    yield Expr(Call("run.assign", (_of("fields"),)))
    yield Expr(Call("run.stop"))


def _generation3() -> Iterator[Statement]:
    """Yield the run without what its client gathers unasked: the command line, Git's state, output."""
    keywords: dict[str, Expression] = {
        "project": _of("project"),
        "run_id": _of("run_id"),
        "experiment_name": _of("name"),
        "mode": _MODE,
        "enable_console_log_capture": False,
        "source_tracking_config": None,
    }
    yield Assign(_RUN, Call("neptune_scale.Run", keywords=keywords))
    yield Expr(Call("run.add_tags", (_of("tags"),)))
    yield Expr(Call("run.log_configs", (_of("fields"),), {"flatten": True}))
    yield Expr(Call("run.close"))
