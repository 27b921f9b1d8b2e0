"""CONTRIBUTING.md's recipe for an output format: the files that it names are needed, and no other is.

The oracle is a scratch copy: its command line, and the hostile and golden tests, which walk the registry of formats.
"""

from __future__ import annotations

import pytest
from recipes import Copy, covers, places

PLACES = places("Add an output format")
FORMAT = "mlopsctl/diagnostics/render/tap.py"
TEXT = '''"""Findings as lines of the Test Anything Protocol.

In: the JSON document. Out: one line a finding.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.diagnostics.render.visible import visible


def render(document: dict[str, Any]) -> str:
    """Return the plan and one line a finding."""
    findings = document["diagnostics"]
    return "".join([f"1..{len(findings)}\\n", *(_line(n, finding) for n, finding in enumerate(findings, 1))])


def _line(number: int, finding: dict[str, Any]) -> str:
    file = visible(finding["place"]["file"]) if finding["place"] else "-"
    return f"not ok {number} - {finding['code'] or '-'} {file} {visible(finding['message'])}\\n"
'''
HELPER = (
    "FINDINGS: Final",
    """def _tap(document: Json, _page: Page) -> str:
    from mlopsctl.diagnostics.render import tap

    return tap.render(document)


""",
)
ENTRY = ('    "markdown": _markdown,\n}\n"""Every format of findings', '    "tap": _tap,\n')
GOLDEN = "tests/unit/diagnostics/formats/tap.txt"
FORMATS = "tests/unit/diagnostics/test_formats.py"
UNUSED = "tests/unit/test_rooms.py::test_every_module_is_imported_or_loaded_by_its_name"
BUILD = (FORMATS, UNUSED, "tests/hostile/test_documents.py", "tests/unit/cli/test_hostile.py")
MISSED = {
    "format": (FORMATS, "cannot import name 'tap'"),
    "entry": (UNUSED, "nothing loads diagnostics.render.tap: enter it in its registry"),
    "golden": (FORMATS, "run `make golden`"),
}
"""Which test misses a part that is left out, and what it says."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository with one more format of findings."""
    return Copy(tmp_path_factory.mktemp("format"))


@pytest.fixture(scope="module")
def files(copy: Copy) -> dict[str, str]:
    """Follow the recipe; give the file that each part is written to."""
    (copy.root / FORMAT).write_text(TEXT, encoding="utf-8")
    copy.insert(PLACES, *HELPER)
    entry = copy.insert(PLACES, *ENTRY)
    assert copy.check("--golden", FORMATS) == ""
    return {"format": FORMAT, "entry": entry, "golden": GOLDEN}


def test_the_build_passes_with_the_files_of_the_recipe_and_no_other(copy: Copy, files: dict[str, str]) -> None:
    assert copy.changed() == set(files.values())
    assert covers(PLACES, copy.changed()), f"the recipe names {PLACES}"
    assert copy.check(*BUILD) == ""


def test_a_verb_offers_the_format(copy: Copy, files: dict[str, str]) -> None:
    case = "tests/errors/MLC301-ttl"
    printed = copy.mlopsctl("validate", "-o", "tap", case)
    assert printed.returncode == 1
    assert printed.stdout.startswith(f"1..1\nnot ok 1 - MLC301 {case}/"), printed
    assert "tap" in copy.mlopsctl("validate", "--help").stdout


@pytest.mark.parametrize("part", MISSED)
def test_a_file_that_is_left_out_is_missed(copy: Copy, files: dict[str, str], part: str) -> None:
    test, message = MISSED[part]
    held = copy.without(files[part])
    try:
        printed = copy.check(test)
        assert message in printed, printed
    finally:
        copy.put_back(files[part], held)
