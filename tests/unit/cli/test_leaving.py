"""How a process ends: by its own exit code, and with the step's own sentence last."""

from __future__ import annotations

import subprocess
import sys

AT_WORK = """
import atexit, sys, types
sys.modules["duckdb"] = types.ModuleType("duckdb")
atexit.register(lambda: print("let go"))


class Abort:
    def __del__(self, ask=sys.is_finalizing, end=__import__("os").abort):
        if ask():
            end()


sys.modules["duckdb"].thread = Abort()
sys.argv = ["mlopsctl", "--nothing-of-the-kind"]
from mlopsctl.cli import {entry}
{entry}()
"""

PRINTS = """
import os, sys
from pathlib import Path
from mlopsctl.blueprint import codec
from mlopsctl.cli.step_output import captured

blueprint = codec.loads(Path(sys.argv[1]).read_bytes())
with captured(str, "train", blueprint) as (log, caught_up):
    for number in range(2000):
        print("line", number)
    print("no end", end="")
    caught_up()
    log.fail("it ended")
"""


def ran(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", program, *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)


def test_a_library_that_aborts_when_it_is_torn_down_does_not_take_the_exit_code_along() -> None:
    done = ran(AT_WORK.format(entry="program"))

    assert done.returncode == 2
    assert done.stdout == "let go\n"
    assert "No such option" in done.stderr
    assert ran(AT_WORK.format(entry="main")).returncode == -6, "the library of this test does not abort"


def test_the_sentence_of_a_step_comes_after_all_that_was_printed(tmp_path) -> None:
    from blueprints import blueprints

    from mlopsctl.blueprint import codec

    file = tmp_path / "blueprint.json"
    file.write_text(codec.dumps(blueprints("quickstart", "local")["quickstart"]), encoding="utf-8")
    lines = ran(PRINTS, str(file)).stderr.splitlines()

    assert len(lines) == 2002
    assert '"message": "no end"' in lines[-2]
    assert '"message": "it ended"' in lines[-1]
