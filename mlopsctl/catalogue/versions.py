"""Compare versions such as `4.1`, `0.67` and `2`."""

from __future__ import annotations


def parts(version: str) -> tuple[int, ...]:
    """Read the leading numbers of a version: `v4.1.2-rc1` is (4, 1, 2)."""
    numbers = []
    for word in version.removeprefix("v").split("."):
        digits = word[: len(word) - len(word.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
        if digits != word:
            break
    return tuple(numbers)


def at_least(version: str, since: str) -> bool:
    """Return whether `version` is `since` or newer; `2` stands for the newest 2.x."""
    have, want = parts(version), parts(since)
    return have >= want[: len(have)]


def is_of(version: str, line: str) -> bool:
    """Return whether `version` belongs to a release line: 4.1.2 to 4.1, and 2.10 to 2."""
    want = parts(line)
    return bool(want) and parts(version)[: len(want)] == want
