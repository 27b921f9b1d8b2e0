"""What Neptune keeps of a run, as names that the rendered files and the steps agree on.

Read at neptune 1.14.0.post2 (generation 2) and neptune-scale 0.30.0 (generation 3).
"""

from __future__ import annotations

from typing import Final

PROJECT: Final = "NEPTUNE_PROJECT"
TOKEN: Final = "NEPTUNE_API_TOKEN"  # noqa: S105 - the variable's name
MODE: Final = "NEPTUNE_MODE"
"""Variables that the clients read, and a step with them."""
LONGEST_ID: Final = 36
"""What generation 2 takes as a run's own id."""
NAME: Final = "model/registered_name"
ALIAS: Final = "model/alias"
"""Fields of a run; an alias is one of each run's own, so two can have the same."""
TAG: Final = "mlopsctl"


def generation(version: str) -> str:
    """Return the generation of a Neptune installation, which decides its client: 2 or 3."""
    return version.partition(".")[0]
