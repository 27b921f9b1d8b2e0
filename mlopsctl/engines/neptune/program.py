"""The program that opens a run with the rendered settings, for notebooks and code outside the steps.

It contains no value of the spec: those are in the settings file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.emit import python
from mlopsctl.emit.python_tree import (
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
from mlopsctl.engines.neptune.conventions import SETTINGS
from mlopsctl.engines.neptune.fields import MODE

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
    sibling = Call(Attribute(Call("Path", (Name("__file__"),)), "with_name"), (SETTINGS,))
    return Assign("settings", Call("json.loads", (Call(Attribute(sibling, "read_text"), (), {"encoding": "utf-8"}),)))


def _setting(name: str) -> Index:
    return Index(Name("settings"), name)


def _generation2() -> Iterator[Statement]:
    """Yield the run without what its client gathers unasked: source, Git's state, hardware, output."""
    keywords: dict[str, Expression] = {
        "project": _setting("project"),
        "custom_run_id": _setting("run_id"),
        "name": _setting("name"),
        "tags": _setting("tags"),
        "mode": _MODE,
        "source_files": [],
        **dict.fromkeys(("git_ref", "capture_hardware_metrics", "capture_stdout", "capture_stderr"), False),
        "capture_traceback": False,
    }
    yield Assign(_RUN, Call("neptune.init_run", keywords=keywords))
    yield Expr(Call("run.assign", (_setting("fields"),)))
    yield Expr(Call("run.stop"))


def _generation3() -> Iterator[Statement]:
    """Yield the run without what its client gathers unasked: the command line, Git's state, output."""
    keywords: dict[str, Expression] = {
        "project": _setting("project"),
        "run_id": _setting("run_id"),
        "experiment_name": _setting("name"),
        "mode": _MODE,
        "enable_console_log_capture": False,
        "source_tracking_config": None,
    }
    yield Assign(_RUN, Call("neptune_scale.Run", keywords=keywords))
    yield Expr(Call("run.add_tags", (_setting("tags"),)))
    yield Expr(Call("run.log_configs", (_setting("fields"),), {"flatten": True}))
    yield Expr(Call("run.close"))
