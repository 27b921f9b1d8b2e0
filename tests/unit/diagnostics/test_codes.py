"""The tables of codes: each code once, in its own table, explained."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from mlopsctl.diagnostics import codes
from mlopsctl.diagnostics.codes import reading, shape
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity
from mlopsctl.diagnostics.render.explain import explanation
from mlopsctl.diagnostics.render.visible import visible
from mlopsctl.engines import codes as engine_codes
from mlopsctl.source.reader import read


def test_no_code_is_used_twice() -> None:
    assert [code for code, uses in Counter(entry.code for entry in codes.ALL).items() if uses > 1] == []


@pytest.mark.parametrize(("digit", "name"), [(i, name) for i, names in enumerate(codes.TABLES) for name in names])
def test_a_table_holds_the_codes_of_its_hundred_in_order_and_all_its_constants(digit: int, name: str) -> None:
    table = codes.table(name)
    assert [entry.code for entry in table] == sorted(entry.code for entry in table)
    assert all(entry.code.startswith(f"MLC{digit}") for entry in table)
    module = __import__(f"mlopsctl.diagnostics.codes.{name}", fromlist=["CODES"])
    parts = [variable for variable in vars(module).values() if getattr(variable, "__package__", "") == codes.__name__]
    of_engines = engine_codes.modules() if name == codes.ENGINES else ()
    values = [value for part in (module, *parts, *of_engines) for value in vars(part).values()]
    constants = {id(value) for value in values if isinstance(value, Code)}
    assert constants == {id(entry) for entry in table}


@pytest.mark.parametrize("entry", codes.ALL, ids=lambda entry: entry.code)
def test_every_code_is_explained_with_two_examples_that_differ(entry: Code) -> None:
    for text in (entry.title, entry.why, entry.help, entry.bad, entry.good):
        assert text.strip()
        shown = text.replace("\n", "").replace("\t", "")
        assert visible(shown) == shown
    assert entry.bad != entry.good
    assert not entry.title.endswith(".")


def test_a_code_is_found_in_any_case_and_others_are_not() -> None:
    assert codes.find("mlc004") is reading.DUPLICATE_KEY
    assert codes.find("MLC101") is shape.UNKNOWN_KEY
    for other in ("", "MLC", "MLC4", "MLC9999", "004", "XXX004", "MLC\u0660\u0660\u0664", "MLC0 4", "MLC099", "-LC004"):
        assert codes.find(other) is None


def test_tables_that_nobody_asks_for_are_not_read() -> None:
    program = (
        "import sys; from mlopsctl.diagnostics.codes import find; find('MLC004');"
        "print(sorted(n for n in sys.modules if n.startswith('mlopsctl.diagnostics.codes.')))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['mlopsctl.diagnostics.codes.entry', 'mlopsctl.diagnostics.codes.reading']"


def test_a_finding_takes_severity_and_help_from_its_code_unless_told() -> None:
    diagnostic = reading.DUPLICATE_KEY.at(None, "twice", help="delete one", severity=Severity.NOTE)
    assert (diagnostic.severity, diagnostic.help) == (Severity.NOTE, "delete one")
    untold = reading.DUPLICATE_KEY.at(None, "twice")
    assert (untold.severity, untold.help) == (Severity.ERROR, reading.DUPLICATE_KEY.help)


# What cannot be shown as a short text of printable characters, or is no content of a file.
SHOWN_OTHERWISE = {"MLC001", "MLC002", "MLC011", "MLC012", "MLC013", "MLC018", "MLC019", "MLC022"}


@pytest.mark.parametrize(
    "entry", [e for e in reading.CODES if e.code not in SHOWN_OTHERWISE], ids=lambda entry: entry.code
)
def test_the_examples_of_a_reading_code_are_true(entry: Code) -> None:
    assert entry.code in [finding.code for finding in read(entry.bad.encode(), "x")[1]]
    assert read(entry.good.encode(), "x")[1] == ()


@pytest.mark.parametrize("entry", codes.ALL, ids=lambda entry: entry.code)
def test_the_good_example_of_every_code_is_yaml_or_a_command(entry: Code) -> None:
    if entry.good.startswith("mlopsctl "):
        return
    # An example of several files begins each with a comment at the margin.
    for part in entry.good.replace("\n#", "\n\0#").split("\0"):
        codes = {finding.code for finding in read(part.encode(), "x")[1]}
        assert codes <= {reading.EMPTY_FILE.code}


def test_an_explanation_reads_as_a_page() -> None:
    assert explanation("mlc004") == (
        "MLC004 (error): duplicate key in a mapping\n"
        "\n"
        "YAML parsers disagree on which of the two values to use, and most drop one silently. The spec\n"
        "would not match what runs.\n"
        "\n"
        "How to fix it: keep one of the two.\n"
        "\n"
        "Wrong:\n"
        "\n"
        "    replicas:\n"
        "      min: 2\n"
        "      min: 3\n"
        "\n"
        "Right:\n"
        "\n"
        "    replicas:\n"
        "      min: 2\n"
        "      max: 3\n"
    )
    assert explanation("MLC999") is None
