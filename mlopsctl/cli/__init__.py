"""The command line: the only package with arguments, a terminal and exit codes.

Exit codes: 0 success, 1 errors in the input or output, 2 wrong usage, 3 a check found changes, 70 a bug in mlopsctl.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

from mlopsctl.cli.exit_codes import CHANGED, ERRORS, INTERNAL, OK, USAGE

if TYPE_CHECKING:
    import click

__all__ = ["CHANGED", "ERRORS", "INTERNAL", "OK", "USAGE", "main", "program"]


def program() -> None:
    """Run the command line as its own process, and exit."""
    try:
        main()
    except SystemExit as ended:
        _leave(ended)


def main() -> None:
    """Run the command line and raise SystemExit with its code; a bug prints one sentence and exits with 70."""
    # A compile builds trees that live to its end, so repeated garbage collection finds nothing.
    gc.set_threshold(200_000, 20, 100)
    # Pydantic's plug-in discovery reads the metadata of every installed package; mlopsctl uses no such plug-in.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from mlopsctl.cli.group import mlopsctl

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file name may contain bytes that are not UTF-8
    try:
        code = mlopsctl.main(standalone_mode=False)
    except Exception as error:
        code = _ended(error)
    sys.exit(code if isinstance(code, int) else OK)


_WITH_THREADS = ("duckdb", "pyarrow")
"""Libraries whose threads may still run when a step ends."""


def _leave(ended: SystemExit) -> None:
    """End the process with the exit code of `ended`."""
    # Freeze all objects: Python would otherwise collect garbage three more times at exit.
    gc.freeze()
    if not any(name in sys.modules for name in _WITH_THREADS):
        raise ended
    # Unloading such a library while its threads run aborts the process and loses the exit code.
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does first, pools of threads included
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(ended.code if isinstance(ended.code, int) else OK)


def _os_error(error: OSError) -> int:
    """Print an operating-system error; wrong usage if it is about a name from the command line."""
    from mlopsctl.cli import terminal
    from mlopsctl.diagnostics.render.visible import cut, visible

    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    where = f"`{cut(visible(name), 80)}`: " if name else ""
    terminal.echo(f"Error: {where}{error.strerror}", err=True)
    return (
        USAGE if name and any(name in argument or argument in name for argument in sys.argv[2:] if argument) else ERRORS
    )


def _ended(error: Exception) -> int:
    """Print what ended the run in one sentence, and return the exit code."""
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _usage_error(error)
    if isinstance(error, click.Abort):
        return 130
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    if isinstance(error, OSError) and error.strerror:
        return _os_error(error)
    if os.environ.get("MLOPSCTL_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    from mlopsctl.cli import terminal

    kind = type(error).__name__
    terminal.echo(
        f"internal error: {kind} in mlopsctl. This is a bug in mlopsctl, not in your spec.\n"
        "Set MLOPSCTL_TRACEBACK=1 for a traceback, and please report it.",
        err=True,
    )
    return INTERNAL


def _usage_error(error: click.ClickException) -> int:
    """Print a usage error of click, which repeats arguments and file names; return its exit code."""
    from mlopsctl.cli import terminal

    usage_text = io.StringIO()
    error.show(usage_text)
    terminal.echo(usage_text.getvalue(), err=True, nl=False)
    return error.exit_code
