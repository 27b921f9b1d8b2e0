"""What every registered model carries beside its estimator: features looked up, transforms run, answers named.

Imports nothing of the tool: training runs this very code, and a copy of it travels inside the package, so that the
server needs neither the tool nor Feast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CONTRACT_FILE = "contract.json"
SERVER = "MLOPSCTL_FEATURE_SERVER"
"""The environment variable that names the feature server to ask instead of the one in the contract."""


def _load_pyfunc(path: str) -> Any:
    """Load the package for MLflow's `python_function` flavor; `path` is its own folder inside the package."""
    import os

    from .contract import read
    from .estimator import load
    from .lookup import HttpLookup
    from .scorer import Scorer

    folder = Path(path)
    contract = read(folder / CONTRACT_FILE)
    server = os.environ.get(SERVER) or contract.server
    return Scorer(contract, load(contract, folder), HttpLookup(server))
