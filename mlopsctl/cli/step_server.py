"""`python -m mlopsctl.cli.step_server DESCRIPTOR`: fork the steps of a local run from processes with their libraries.

A process has some layers of libraries imported. It forks a process for each further layer that several steps need, and
a process for each step, in which the command line runs as if it had been started alone. The user's modules are imported
only there. Only processes with a single thread are forked.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import runpy
import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from socket import socket
from types import ModuleType
from typing import TYPE_CHECKING

from mlopsctl.cli.commands.step import prepare
from mlopsctl.cli.step_output import quiet_libraries
from mlopsctl.runtime.local.layers import load
from mlopsctl.runtime.local.process import bytes_of_peak, die_with_parent
from mlopsctl.runtime.local.step_channel import Answer, Request, answer, pair, request, requested

if TYPE_CHECKING:
    from collections.abc import Sequence

_TASKS = Path("/proc/self/task")
_ALLOCATOR = "JE_ARROW_MALLOC_CONF"
"""Arrow's allocator starts a thread when it is loaded, unless this variable says otherwise."""
_NAME = 15
"""Characters of a process's name."""


class _OwnModuleError(BaseException):
    """A library would import a module of the user's; no `except Exception` may keep that from the server."""


class _Libraries:
    """Stands before Python's own finders while libraries are imported, and refuses modules of the user's."""

    home = Path()
    refused = ""

    @classmethod
    def find_spec(cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        """Leave a module to the next finder; _OwnModuleError for one of the user's."""
        if path is not None or PathFinder.find_spec(fullname, [str(cls.home)]) is None:
            return
        spec = PathFinder.find_spec(fullname, None, target)
        if spec and any(Path(place).parent == cls.home for place in _places(spec)):
            cls.refused = f"a library imports `{fullname}`, which the user's code has"
            raise _OwnModuleError(cls.refused)


def _places(spec: ModuleSpec) -> Sequence[str]:
    """Return the file of a module, or the folders of a package."""
    return list(spec.submodule_search_locations or ()) or [spec.origin or ""]


class _Process:
    """This process, as the run and other processes of the server see it; `fault` is why it cannot fork steps."""

    def __init__(self, channel: socket, fault: str = "") -> None:
        self.channel, self.fault = channel, fault
        self.branches: dict[str, tuple[socket, int]] = {}

    def leave_out(self, layers: frozenset[str]) -> None:
        """End the processes of layers, and wait for their ends."""
        ended = [self.branches.pop(layer) for layer in layers & self.branches.keys()]
        for channel, _ in ended:
            channel.close()
        for _, pid in ended:
            os.waitpid(pid, 0)

    def drop(self) -> None:
        """Close what a forked process has no part in."""
        self.channel.close()
        for channel, _ in self.branches.values():
            channel.close()


def main(descriptor: int) -> None:
    """Serve a run to its end. In the process of a step, run the step."""
    prepare()
    quiet_libraries()
    gc.disable()
    command = _served(_Process(socket(fileno=descriptor)))
    if command is None:
        # A library may have made a temporary folder that it removes at its process's end, and in no fork's.
        atexit._run_exitfuncs()
        os._exit(0)
    sys.orig_argv[:] = command
    sys.argv = ["-m", *command[3:]]
    runpy.run_module(command[2], run_name="__main__", alter_sys=True)


def _served(process: _Process) -> tuple[str, ...] | None:
    """Answer requests until the run closes the channel; return the command line in the process of a step."""
    while (received := requested(process.channel)) is not None:
        message, log, answers = received
        process.leave_out(frozenset(process.branches) - message.next_layers)
        layer = message.layers[0] if message.layers else ""
        process.fault = process.fault or _threads()
        if process.fault:
            answer(answers, Answer(refused=process.fault))
        elif layer in process.branches or message.shares_layer:
            process = _passed_on(process, layer, message, log, answers)
        elif _forked(process, message, log, answers):
            return message.command
        os.close(log)
        os.close(answers)
    process.leave_out(frozenset(process.branches))
    return None


def _passed_on(process: _Process, layer: str, message: Request, log: int, answers: int) -> _Process:
    """Pass a request on to the process with one layer more; return that process where it is the one just forked."""
    if layer not in process.branches:
        ours, theirs = pair()
        pid = _fork()
        if not pid:
            ours.close()
            process.drop()
            return _Process(theirs, _imported(layer))
        theirs.close()
        process.branches[layer] = ours, pid
    try:
        request(process.branches[layer][0], message.above(layer), (log, answers))
    except OSError as error:
        answer(answers, Answer(refused=f"the process of `{layer}` ended: {error.strerror}"))
    return process


def _imported(layer: str) -> str:
    """Import a layer without a module of the user's; return why this process cannot fork steps, or nothing."""
    _Libraries.home = Path.cwd()
    settings = os.environ.get(_ALLOCATOR)
    os.environ[_ALLOCATOR] = ",".join(filter(None, (settings, "background_thread:false")))
    sys.meta_path.insert(0, _Libraries)
    try:
        load(layer)
    except BaseException as error:  # whatever it is, the process of a step alone meets it as well, and reports it
        return f"`{layer}` cannot be imported: {type(error).__name__}: {error}"
    finally:
        sys.meta_path.remove(_Libraries)
        os.environ.pop(_ALLOCATOR)
        os.environ.update({_ALLOCATOR: settings} if settings is not None else {})
    # Objects of libraries live to the end: pages that no collection writes to stay shared.
    gc.freeze()
    return _Libraries.refused


def _threads() -> str:
    """Return which threads make a fork unsafe, or nothing.

    OpenBLAS ends its threads whenever a process forks and starts them again when they are needed, so a process that
    does nothing is forked first.
    """
    if len(list(_TASKS.iterdir())) > 1:
        pid = os.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
    names = sorted((task / "comm").read_text().strip() for task in _TASKS.iterdir())
    return "" if len(names) == 1 else f"libraries started threads: {', '.join(names)}"


def _fork() -> int:
    """Fork a process that ends with this one."""
    parent = os.getpid()
    pid = os.fork()
    if not pid:
        if with_parent := die_with_parent():
            with_parent()
        if os.getppid() != parent:
            os._exit(1)
    return pid


def _forked(process: _Process, message: Request, log: int, answers: int) -> bool:
    """Fork a step, and answer how it ended; return True in its own process."""
    pid = _fork()
    if not pid:
        process.drop()
        _set_apart(message.command[4], log, answers)
        return True
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    answer(answers, Answer(code=code, cpu=usage.ru_utime + usage.ru_stime, peak=bytes_of_peak(usage)))
    return False


def _set_apart(verb: str, log: int, answers: int) -> None:
    """Give a step's process what a process has that was started alone: session, output, name, random numbers."""
    os.setsid()
    os.dup2(log, 1)
    os.dup2(log, 2)
    Path("/proc/self/comm").write_text(verb[:_NAME])
    answer(answers, Answer(pid=os.getpid()))
    os.close(log)
    os.close(answers)
    gc.enable()
    importlib.invalidate_caches()
    if random := sys.modules.get("numpy.random"):
        random.seed()


if __name__ == "__main__":
    main(int(sys.argv[1]))
