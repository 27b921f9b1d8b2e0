from __future__ import annotations

import json
from datetime import UTC, datetime

from mlopsctl.runtime.log import Log

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def test_a_structured_line_is_one_json_object_with_its_context() -> None:
    lines: list[str] = []
    log = Log(lines.append, lambda: MOMENT, True, {"step": "train"}, lambda text: text.replace("hidden", "***"))
    log.warn("two\nlines of hidden", rows=7)
    assert len(lines) == 1
    assert lines[0].count("\n") == 1
    assert json.loads(lines[0]) == {
        "time": "2026-01-02T03:04:05.678+00:00",
        "level": "warning",
        "step": "train",
        "message": "two\nlines of ***",
        "rows": 7,
    }


def test_a_person_reads_a_sentence_with_a_sign() -> None:
    lines: list[str] = []
    log = Log(lines.append, lambda: MOMENT, structured=False)
    log.say("it goes on", rows=7)
    log.fail("it ended")
    assert lines == ["· it goes on\n", "✗ it ended\n"]
