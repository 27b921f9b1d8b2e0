"""A diff in numbers.

In: entries. Out: counts by file. Never looks at a value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from mlopsctl.change.manifests_model import Entry, FileCounts


def counts(entries: Iterable[Entry]) -> tuple[FileCounts, ...]:
    """Return the counts of each file, by path."""
    files: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        file = files[f"{entry.environment}/{entry.unit}/{entry.file}"]
        file[entry.verdict] += 1
        file["fields"] += sum(1 + len(field.others) for field in entry.fields)
    return tuple(FileCounts(path, **found) for path, found in sorted(files.items()))
