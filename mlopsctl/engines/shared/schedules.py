"""Cron lines that Kubernetes and Argo Workflows reject: both parse them with the same Go library."""

from __future__ import annotations

_LAST_DAY = 6


def unreadable(cron: str) -> str:
    """Return why the cluster rejects a cron line that is otherwise valid; empty if it accepts the line."""
    _, _, day, _, weekday = cron.upper().split()
    if "L" in day:
        return "`L`, the last day of the month, is not supported"
    if "#" in weekday:
        return "`#`, the nth weekday of the month, is not supported"
    days = [end for part in weekday.split(",") for end in part.partition("/")[0].split("-")]
    if any(end[:-1].isdigit() and end[-1] == "L" for end in days):
        return "`L`, the last weekday of the month, is not supported"
    if any(end.isdigit() and int(end) > _LAST_DAY for end in days):
        return "days of the week are 0 (Sunday) to 6"
    return ""
