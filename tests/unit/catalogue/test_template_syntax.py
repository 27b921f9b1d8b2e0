"""Text that another program would evaluate is told from text that only looks odd."""

from __future__ import annotations

import pytest

from mlopsctl.catalogue.template_syntax import MARKERS, template_markers


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("Scores card payments, 5% {a} $5 (b) [c]", ()),
        ("{{workflow.name}}", ("{{",)),
        ("${{ github.token }}", ("${{", "{{", "${")),
        ("$(POD_NAME)", ("$(",)),
        ("costs $$5", ("$$",)),
        ("{% if a %}", ("{%",)),
        ("[[ var ]]", ("[[",)),
        ("${HOME}", ("${",)),
    ],
)
def test_a_marker_is_named(text, markers):
    assert template_markers(text) == markers


def test_every_marker_says_who_reads_it():
    assert all(MARKERS.values())
