"""Count the changes of a diff."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from mlopsctl.manifest_diff.model import Entry, FileCounts


def counts(entries: Iterable[Entry]) -> tuple[FileCounts, ...]:
    """Return the counts of each file, by path."""
    files: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        file = files[f"{entry.environment}/{entry.unit}/{entry.file}"]
        file[entry.verdict] += 1
        file["fields"] += sum(1 + len(field.others) for field in entry.fields)
    return tuple(FileCounts(path, **numbers) for path, numbers in sorted(files.items()))
