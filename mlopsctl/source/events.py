"""Parse text into YAML events with libyaml, or PyYAML's parser without it. No object of the text is constructed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

from yaml.error import YAMLError
from yaml.events import Event, StreamEndEvent

# The parsers raise each of these for some inputs; see the table of traps in the tests.
LEAKS = (YAMLError, ValueError, OverflowError, UnicodeError)


class InvalidYaml(NamedTuple):
    """The text is not YAML: the parser's message and marks."""

    error: Exception

    def mark(self, name: str) -> Any:
        """Return the parser's `problem` or `context` mark, or None."""
        return getattr(self.error, f"{name}_mark", None)

    def text_of(self, name: str) -> str:
        """Return the parser's `problem` or `context`, or an empty string."""
        return str(getattr(self.error, name, None) or "")


def fast(data: bytes) -> Callable[[], Event] | None:
    """Return libyaml's source of events, or None if PyYAML was built without it."""
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return None
    return cast(Callable[[], Event], CParser(data).get_event)


def slow(data: bytes) -> Callable[[], Event]:
    """Return PyYAML's own source of events."""
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class Plain(Reader, Scanner, Parser):
        def __init__(self, stream: bytes) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)

    return cast(Callable[[], Event], Plain(data).get_event)


def events(data: bytes) -> Iterator[Event | InvalidYaml]:
    """Yield the events of `data` in their order."""
    try:
        get = fast(data) or slow(data)
        while True:
            event = get()
            yield event
            if type(event) is StreamEndEvent:
                return
    except LEAKS as error:
        yield InvalidYaml(error)
