"""Panels stand side by side, never on one another, whatever their sizes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlopsctl.engines.grafana.layout import Section, placed
from mlopsctl.engines.grafana.panels import Panel

panels = st.builds(Panel, st.integers(1, 24), st.integers(1, 12), st.just({"type": "stat"}), st.just(()))
sections = st.lists(st.builds(Section, st.just("row"), st.lists(panels, max_size=12).map(tuple)), max_size=5)


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    place = panel["gridPos"]
    return {
        (x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])
    }


@given(sections)
def test_no_panel_lies_on_another_or_beyond_the_edge(drawn: list[Section]) -> None:
    panels = placed(drawn)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert not taken & cells(panel)
        taken |= cells(panel)
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))


def test_a_section_without_panels_has_no_title_either() -> None:
    assert placed([Section("nothing", ())]) == []
