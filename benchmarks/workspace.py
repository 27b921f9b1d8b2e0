"""A workspace of many systems, made from the example's.

In: a folder and a number. Out: a repository with that many card-fraud systems, one environment, all locked.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.installed import ROOT

PAYMENTS = ROOT / "examples" / "payments"
_OWN = ("card_stats", "payments", "card_activity", "amount_vs_usual", "fraud_inputs")


def workspace(folder: Path, count: int) -> Path:
    """Write the repository and return its folder."""
    folder.mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "workspace.yaml").write_text(_one_environment((PAYMENTS / "workspace.yaml").read_text()))
    (folder / "mlops.lock").write_text(_lock(count))
    _system(folder, "merchants", (PAYMENTS / "systems" / "merchants" / "mlops.yaml").read_text())
    base = (PAYMENTS / "systems" / "card-fraud" / "mlops.yaml").read_text().partition("  overrides:")[0]
    for number in range(count - 1):
        _system(folder, f"fraud-{number:04}", _renamed(base, number))
    return folder


def _system(folder: Path, name: str, text: str) -> None:
    path = folder / "systems" / name / "mlops.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def _renamed(text: str, number: int) -> str:
    """Give the system and everything it shares a name space with names of their own."""
    image = "ghcr.io/acme/card-fraud:1.4"
    text = text.replace(image, "IMAGE").replace("card-fraud", f"fraud-{number:04}").replace("IMAGE", image)
    for name in _OWN:
        text = re.sub(rf"\b{name}\b", f"{name}_{number:04}", text)
    return text.replace("fraud-scorer", "scorer")


def _one_environment(text: str) -> str:
    kept = re.sub(r"\n    dev:.*?\n    prod:", "\n    prod:", text, flags=re.DOTALL)
    return kept.replace("      promoteFrom: dev\n", "")


def _lock(count: int) -> str:
    """Lock every system's model as the example's production one, without a candidate."""
    text = (PAYMENTS / "mlops.lock").read_text()
    production = re.search(r"  prod:\n.*", text, re.DOTALL)
    assert production
    head, _, model = production[0].partition("      card-fraud@champion:\n")
    body = model.partition("        candidate:")[0]
    models = "".join(f"      fraud-{n:04}@champion:\n{body}" for n in range(count - 1))
    return text.partition("environments:")[0] + "environments:\n" + head + models
