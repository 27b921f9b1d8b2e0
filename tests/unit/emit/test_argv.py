"""Argument lists hold what they are given, and the line for people stands for the same words."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.emit.hostile_text import texts, unwanted

from mlopsctl.emit.argv import argv, shell_line
from mlopsctl.emit.characters import all_visible

words = st.lists(texts.filter(lambda text: text and "\0" not in text), min_size=1, max_size=5)


@given(words)
def test_every_word_stays_one_word(parts):
    assert argv(*parts) == parts


@given(words)
def test_a_shell_would_split_the_line_into_the_same_words(parts):
    visible = [part for part in parts if all_visible(part)]
    assert shlex.split(shell_line(visible)) == visible


@given(words)
def test_the_line_holds_nothing_a_terminal_would_act_on(parts):
    line = shell_line(parts)
    assert "\n" not in line
    assert unwanted(line) == set()


def test_an_escape_sequence_is_shown_and_not_sent():
    assert shell_line(["echo", "\x1b[31m it's"]) == "echo $'\\u001b[31m it\\'s'"


@pytest.mark.parametrize("part", ["", "a\0b"], ids=ascii)
def test_a_word_no_program_can_take_is_refused(part):
    with pytest.raises(ValueError, match="word of a command"):
        argv("mlopsctl", part)


def test_a_word_that_is_no_text_is_a_bug():
    with pytest.raises(TypeError):
        argv("mlopsctl", 1)
