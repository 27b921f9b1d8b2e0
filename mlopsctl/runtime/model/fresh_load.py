"""Load a package in a fresh interpreter with only the package's code, and list the imported modules.

It runs as a script and imports nothing of mlopsctl except the copy in the package.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType


def main(package: str, rows: str, home: str) -> None:
    """Predict the rows, and print the imported modules."""
    code = Path(package) / "code"
    sys.path = [str(code), *(path for path in sys.path if path and Path(path).resolve() != Path(home).resolve())]
    import pandas as pd

    served = import_module("mlopsctl_served.scorer")
    contract = import_module("mlopsctl_served.contract").read(Path(package) / "mlopsctl" / "contract.json")
    inputs = pd.read_parquet(rows)
    import_module(contract.flavor)
    before = {*sys.modules, "sklearn"}
    estimator = import_module("mlopsctl_served.estimator").load(contract, Path(package) / "mlopsctl")
    for transform in contract.transforms:
        import_module(transform.function.partition(":")[0])
    served.Scorer(contract, estimator, None).predict(inputs)
    imported = {name: _file(module) for name, module in sys.modules.items() if name not in before}
    sys.stdout.write("\n" + json.dumps({name: file for name, file in imported.items() if file}) + "\n")


def _file(module: ModuleType) -> str:
    return str(getattr(module, "__file__", None) or "")


if __name__ == "__main__":
    main(*sys.argv[1:])
