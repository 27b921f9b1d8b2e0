"""The command line: the only room with arguments, a terminal and exit codes.

Exit codes: 0 fine, 1 errors in what was read or written, 2 wrong usage, 3 a check found changes, 70 a bug of ours.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys

OK, ERRORS, USAGE, CHANGED, INTERNAL = 0, 1, 2, 3, 70


def program() -> None:
    """Run the command line as a process of its own, and end it."""
    try:
        main()
    except SystemExit as ended:
        _leave(ended)


def main() -> None:
    """Run the command line and raise SystemExit with its code; a bug ends in one sentence and code 70."""
    # A compile builds trees that live to its end; looking through them again and again for garbage finds none.
    gc.set_threshold(200_000, 20, 100)
    # Looking for plugins of pydantic's reads the metadata of every installed package, and none is wanted.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from mlopsctl.cli.group import mlopsctl

    try:
        code = mlopsctl.main(standalone_mode=False)
    except Exception as error:
        code = _ended(error)
    sys.exit(code if isinstance(code, int) else OK)


_WITH_THREADS = ("duckdb", "pyarrow")
"""Libraries whose threads may still be at work when a step ends."""


def _leave(ended: SystemExit) -> None:
    """End the process with the exit code that it asks for."""
    # What stands now goes with the process; Python would search it for garbage three times more on its way out.
    gc.freeze()
    if not any(name in sys.modules for name in _WITH_THREADS):
        raise ended
    # Tearing such a library down under its own threads aborts the process, and the exit code with it.
    import atexit
    import threading

    threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does first, pools of threads included
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(ended.code if isinstance(ended.code, int) else OK)


def _ended(error: Exception) -> int:
    """Say what ended the run, in a sentence, and return its code."""
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        return 130
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    if os.environ.get("MLOPSCTL_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    click.echo(
        f"internal error: {kind} in mlopsctl, which is a bug of the tool and not of your spec.\n"
        "Set MLOPSCTL_TRACEBACK=1 to see where, and please report it.",
        err=True,
    )
    return INTERNAL
