"""Template markers of the systems behind us are found, and Go templates can be told to leave text alone."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mlopsctl.emit.markers import go_template_literal

braces = st.text(alphabet='{}"- a%$(\n', max_size=20)


@given(braces)
def test_a_literal_opens_no_action_of_its_own(text):
    """Read it as Go's lexer does: an action runs from the leftmost `{{` to the next `}}` outside a string."""
    written = go_template_literal(text) + "{{ $value }}"
    rendered, position = "", 0
    while (opening := written.find("{{", position)) >= 0:
        rendered += written[position:opening]
        action = re.compile(r'\{\{ (?:"(\{+)"|\$value) \}\}').match(written, opening)
        assert action is not None
        rendered += action[1] or "VALUE"
        position = action.end()
    assert rendered + written[position:] == text + "VALUE"


def test_text_without_braces_is_left_alone():
    assert go_template_literal('up{job="a"} > 5%') == 'up{job="a"} > 5%'
