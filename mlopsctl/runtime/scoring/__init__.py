"""Scoring code in every registered package: look up features, run transforms, name predictions.

Imports nothing of the rest of mlopsctl: training runs this code, and each package contains a copy of it, so that the
server needs neither mlopsctl nor Feast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CONTRACT_FILE = "contract.json"
SERVER = "MLOPSCTL_FEATURE_SERVER"
"""The environment variable with the feature server's address, which overrides the one in the contract."""


def _load_pyfunc(path: str) -> Any:
    """Load the package for MLflow's `python_function` flavor; `path` is this folder inside the package."""
    import os

    from .contract import read
    from .estimator import load
    from .lookup import HttpLookup
    from .scorer import Scorer

    folder = Path(path)
    contract = read(folder / CONTRACT_FILE)
    server = os.environ.get(SERVER) or contract.server
    return Scorer(contract, load(contract, folder), HttpLookup(server))
