"""Diagnostic codes of Polyaxon: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

POLYAXON_CRON = Code(
    "MLC825",
    "schedule that Polyaxon does not support",
    Severity.ERROR,
    why="Polyaxon accepts any text as a cron line at submission, and fails only when it computes the next run. It "
    "reads five plain fields: days of the week from 0 (Sunday) to 6, no `L` and no `#`.",
    help="write Sunday as 0, and use a day of the month that every month has",
    bad='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 L * *", timezone: Etc/UTC}}',
    good='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 28 * *", timezone: Etc/UTC}}',
)
POLYAXON_QUEUE = Code(
    "MLC826",
    "queue without the commercial edition",
    Severity.ERROR,
    why="Queues are part of Polyaxon's commercial edition. The community edition has none, and a run with a queue "
    "waits forever.",
    help="remove the queue, or set the edition to `commercial`",
    bad="pipelines: {engine: polyaxon, queue: gpu}",
    good="pipelines: {engine: polyaxon, edition: commercial, queue: gpu}",
)

CODES: tuple[Code, ...] = (
    POLYAXON_CRON,
    POLYAXON_QUEUE,
)
