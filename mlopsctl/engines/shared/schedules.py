"""Cron lines as the cluster reads them: one Go library does it for Kubernetes and for Argo Workflows."""

from __future__ import annotations

_LAST_DAY = 6


def unreadable(cron: str) -> str:
    """Return why the cluster refuses a cron line that is otherwise right; empty when it does not."""
    _, _, day, _, weekday = cron.upper().split()
    if "L" in day:
        return "it knows no last day of the month"
    if "#" in weekday:
        return "it knows no weekday by its number in the month"
    days = [end for part in weekday.split(",") for end in part.partition("/")[0].split("-")]
    if any(end[:-1].isdigit() and end[-1] == "L" for end in days):
        return "it knows no last weekday of the month"
    if any(end.isdigit() and int(end) > _LAST_DAY for end in days):
        return "its days of the week end with 6; Sunday is 0"
    return ""
