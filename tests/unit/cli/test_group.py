"""The list of verbs and the modules of the commands name each other; each verb has a help."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

import mlopsctl.cli.commands
from mlopsctl.cli.group import VERBS

COMMANDS = Path(str(mlopsctl.cli.commands.__file__)).parent
MODULES = sorted(path.stem for path in COMMANDS.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_module_with_its_command(verb: str) -> None:
    module = verb.replace("-", "_")
    assert module in MODULES, f"`{verb}` is in VERBS: write its `command` in mlopsctl/cli/commands/{module}.py"
    command = import_module(f"mlopsctl.cli.commands.{module}").command
    assert isinstance(command, click.Command)
    assert command.name == verb


@pytest.mark.parametrize("module", MODULES)
def test_a_module_with_a_command_is_a_verb(module: str) -> None:
    verb = module.replace("_", "-")
    is_command = hasattr(import_module(f"mlopsctl.cli.commands.{module}"), "command")
    assert not is_command or verb in VERBS, f"list `{verb}` in VERBS of mlopsctl/cli/group.py, with its help line"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_explains_itself_and_the_list_names_it(verb: str, run: Any) -> None:
    ran = run(verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"mlopsctl {verb}" in ran.out
    assert VERBS[verb].endswith(".")
    assert f"  {verb}  " in run("--help").out
