"""How much a file may hold. Beyond these bounds it is refused, before it can cost memory or time.

In: nothing. Out: numbers. Never measures anything.
"""

from __future__ import annotations

MAX_BYTES = 1 << 20
MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_FINDINGS = 100
