"""Training as a command: where things are comes through the environment, and the model is left in a folder.

    python -m merchants.train
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import joblib
import pandas as pd
from lightgbm import LGBMClassifier


def main() -> None:
    """Read the training rows, fit, and leave the estimator."""
    rows = pd.read_parquet(os.environ["MLOPSCTL_TRAIN"])
    inputs, label = json.loads(os.environ["MLOPSCTL_INPUTS"]), os.environ["MLOPSCTL_LABEL"]
    params = json.loads(os.environ["MLOPSCTL_PARAMS"])
    seed = int(os.environ["MLOPSCTL_SEED"])
    model = LGBMClassifier(
        n_estimators=int(params.get("n_estimators", 150)), class_weight="balanced", random_state=seed, verbosity=-1
    )
    model.fit(rows[inputs], rows[label])
    joblib.dump(model, Path(os.environ["MLOPSCTL_MODEL"]) / "model.joblib")


if __name__ == "__main__":
    main()
