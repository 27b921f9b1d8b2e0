"""CONTRIBUTING.md's recipe for a verb: the files that it names are needed, and no other is.

The oracle is a scratch copy: its command line, and the tests that walk the list of verbs.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from recipes import Copy, covers, places

PLACES = places("Add a verb")
COMMAND = "mlopsctl/cli/commands/owners.py"
TEXT = '''"""`mlopsctl owners`: the owner of each system."""

from __future__ import annotations

import click

from mlopsctl import api, cli
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb


@click.command(cls=Verb, name="owners")
@click.argument("path", required=False)
def command(path: str | None) -> int:
    """Print the owner of each system."""
    environment = api.check(api.load(path)).environments[0]
    for system in environment.systems:
        terminal.echo(f"{system.identity.system} {system.identity.owner}")
    return cli.OK
'''
GROUP = ('    "schema": ', '    "owners": "Print the owner of each system.",\n')
TEST = "tests/unit/cli/test_owners.py"
TEST_TEXT = '''"""`mlopsctl owners` prints the owner of each system."""


def test_an_owner_is_printed_for_each_system(project, run) -> None:
    ran = run("owners")
    assert (ran.code, ran.out) == (0, "card-fraud team-risk\\n")
'''
WALK = "tests/unit/cli/test_group.py"
BUILD = (WALK, TEST, "tests/unit/cli/test_refusals.py::test_no_verb_takes_an_empty_argument_for_none")
MISSED = {
    "command": "`owners` is in VERBS: write its `command` in mlopsctl/cli/commands/owners.py",
    "group": "list `owners` in VERBS of mlopsctl/cli/group.py",
}
"""What the walk over the verbs says of a part that is left out."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository with one more verb."""
    return Copy(tmp_path_factory.mktemp("verb"))


@pytest.fixture(scope="module")
def files(copy: Copy) -> dict[str, str]:
    """Follow the recipe; give the file that each part is written to."""
    (copy.root / COMMAND).write_text(TEXT, encoding="utf-8")
    (copy.root / TEST).write_text(TEST_TEXT, encoding="utf-8")
    return {"command": COMMAND, "group": copy.insert(PLACES, *GROUP), "test": TEST}


def test_the_build_passes_with_the_files_of_the_recipe_and_no_other(copy: Copy, files: dict[str, str]) -> None:
    assert copy.changed() == set(files.values())
    assert covers(PLACES, copy.changed()), f"the recipe names {PLACES}"
    assert copy.check(*BUILD) == ""
    assert re.search(r"owners +Print the owner of each system\.", copy.mlopsctl("--help").stdout)
    printed = copy.mlopsctl("owners", str(Path("examples") / "quickstart"))
    assert (printed.returncode, printed.stdout) == (0, "quickstart team-growth\n"), printed.stderr


@pytest.mark.parametrize("part", MISSED)
def test_a_file_that_is_left_out_is_missed(copy: Copy, files: dict[str, str], part: str) -> None:
    held = copy.without(files[part])
    try:
        printed = copy.check(WALK)
        assert MISSED[part] in printed, printed
    finally:
        copy.put_back(files[part], held)
