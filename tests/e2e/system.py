"""A small system with everything a step can meet: two views, one of them CSV, a transform, request fields, late labels.

In: a folder. Out: its spec, code, data, Blueprint and feature repository; and a way to call steps as engines do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.decide import build
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.diagnostics.model import has_errors
from mlopsctl.engines.feast import target
from mlopsctl.resolve.landscape import Document, Documents, resolve
from mlopsctl.resolve.model import Landscape
from mlopsctl.source.reader import read

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CUSTOMERS = 40
SPEC = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: churn, owner: team-growth, description: Says who is about to leave.}
spec:
  data:
    sources:
      activity:
        type: parquet
        path: data/activity.parquet
        eventTime: ts
        cadence: 1d
        columns:
          customer_id: {type: string, nullable: false}
          visits_7d: {type: int64, min: 0}
          spend_30d: {type: float64, min: 0}
      support:
        type: csv
        path: data/support.csv
        eventTime: ts
        cadence: 1d
        columns:
          customer_id: {type: string, nullable: false}
          tickets: {type: int64, min: 0}
      contracts:
        type: parquet
        path: data/contracts.parquet
        eventTime: ts
        columns:
          customer_id: {type: string, nullable: false}
          plan: {type: string, values: [basic, family, premium]}
          price: {type: float64, min: 0}
          left: {type: bool}
    labels: {churned: {source: contracts, column: left, delay: 7d}}
  features:
    entities: {customer: {key: customer_id, type: string}}
    views:
      customer_activity:
        {entity: customer, source: activity, ttl: 3d, materialize: {every: 1d}, fields: [visits_7d, spend_30d]}
      customer_support:
        {entity: customer, source: support, ttl: 3d, materialize: {every: 1d}, fields: [tickets]}
    transforms:
      value:
        inputs: [request.price, customer_activity.visits_7d]
        function: churn.features:value
        fields: {price_per_visit: float64}
    sets:
      churn_inputs:
        fields:
          - customer_activity.visits_7d
          - customer_activity.spend_30d
          - customer_support.tickets
          - value.price_per_visit
        request: {plan: string, price: float64}
  model:
    task: binary-classification
    flavor: sklearn
    features: churn_inputs
    label: churned
    code: {image: ghcr.io/acme/churn:0.3, entrypoint: "churn.train:train"}
    params: {depth: 3}
    seed: 7
    split: {by: time, holdout: 14d}
    registry: {name: churn, experiment: churn}
  checks:
    data: {suite: data_integrity}
    split:
      checks:
        DatasetsSizeComparison:
          conditions: {add_condition_test_train_size_ratio_greater_than: {ratio: 0.05}}
    model:
      checks:
        TrainTestPerformance: {conditions: {add_condition_train_test_relative_degradation_less_than: {threshold: 0.9}}}
    gates:
      roc_auc: {min: 0.7, maxDrop: 0.02}
      brier: {max: 0.25}
    live:
      every: 1h
      window: 7d
      drift:
        numerical: {method: ks, max: 0.35}
        categorical: {method: cramers-v, max: 0.35}
      quality: {metric: roc_auc, min: 0.6}
  serving:
    endpoints: {churn-scorer: {model: champion, features: churn_inputs, replicas: {min: 1}}}
"""
FEATURES_CODE = """\
import pandas as pd


def value(frame: pd.DataFrame) -> pd.DataFrame:
    visits = frame["visits_7d"].clip(lower=1)
    return pd.DataFrame({"price_per_visit": frame["price"] / visits})
"""
TRAIN_CODE = """\
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def train(features, label, params):
    numbers = ["visits_7d", "spend_30d", "tickets", "price_per_visit", "price"]
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["plan"]), (SimpleImputer(), numbers)
    )
    forest = RandomForestClassifier(n_estimators=30, max_depth=params["depth"], random_state=0)
    return make_pipeline(columns, forest).fit(features, label)
"""


@dataclass(frozen=True)
class Ran:
    """How a step ended: its code, its lines, and what it left behind."""

    code: int
    text: str
    outputs: dict[str, Path] = field(default_factory=dict)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def said(self) -> str:
        return "\n".join(line["message"] for line in self.lines)

    @property
    def last(self) -> str:
        return str(self.lines[-1]["message"])

    def parameter(self, name: str) -> str:
        return self.outputs[name].read_text()

    def document(self, name: str) -> Any:
        path = self.outputs[name]
        return json.loads((path / "report.json" if path.is_dir() else path).read_text())


@dataclass(frozen=True)
class System:
    """A system in a folder of its own."""

    folder: Path
    blueprint: Blueprint

    @property
    def tracking(self) -> str:
        return f"sqlite:///{self.folder / '.mlops' / 'mlflow.db'}"

    def step(
        self,
        verb: str,
        *,
        run: str = "run",
        inputs: dict[str, Path] | None = None,
        settings: dict[str, str] | None = None,
        now: datetime = NOW,
        environ: dict[str, str] | None = None,
        blueprint: Path | None = None,
        more: tuple[str, ...] = (),
    ) -> Ran:
        """Call a step in a process of its own, with every output that its Blueprint names."""
        step = next(s for p in self.blueprint.pipelines for s in p.steps if s.verb == verb)
        place = self.folder / "out" / run / verb
        outputs = {output.name: place / output.name for output in (*step.outputs, *step.output_parameters)}
        words = ["step", verb, "--blueprint", str(blueprint or self.folder / "blueprint.json")]
        words += ["--features", str(self.folder / "repo"), "--now", now.isoformat(), *more]
        for name, path in (inputs or {}).items():
            words += ["--in", f"{name}={path}"]
        for name, path in outputs.items():
            words += ["--out", f"{name}={path}"]
        for name, value in (settings or {}).items():
            words += ["--set", f"{name}={value}"]
        return self.call(words, outputs, environ)

    def call(self, words: list[str], outputs: dict[str, Path], environ: dict[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "mlopsctl", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Ran(done.returncode, done.stderr, outputs)


def landscape_of(spec: str) -> Landscape:
    """Resolve a spec that has no mistake."""
    node, diagnostics = read(spec.encode(), "mlops.yaml")
    assert node is not None, diagnostics
    (landscape,), diagnostics = resolve(Documents((Document("mlops.yaml", node),), None))
    assert not has_errors(diagnostics), diagnostics
    return landscape


def blueprint_of(spec: str) -> Blueprint:
    """Decide about a spec that has no mistake."""
    (system,) = landscape_of(spec).systems.values()
    return build.blueprint(system)[0]


def make(folder: Path, spec: str = SPEC, **data: Any) -> System:
    """Write a system's folder."""
    blueprint = blueprint_of(spec)
    shared = build.shared(landscape_of(spec), (blueprint,))[0]
    (folder / "blueprint.json").write_text(codec.dumps(blueprint))
    for file in target.render_shared(shared):
        name = str(file.path)
        if name.startswith("repo/"):
            (folder / "repo").mkdir(exist_ok=True)
            (folder / name).write_text(file.content)
    (folder / "churn").mkdir(exist_ok=True)
    (folder / "churn" / "__init__.py").touch()
    (folder / "churn" / "features.py").write_text(FEATURES_CODE)
    (folder / "churn" / "train.py").write_text(TRAIN_CODE)
    write_data(folder, **data)
    return System(folder, blueprint)


def write_data(folder: Path, *, shift: float = 0.0, days: int = 60, now: datetime = NOW) -> None:
    """Write seeded rows: true event times, labels that follow the features, and a drift one can switch on."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(3)
    (folder / "data").mkdir(exist_ok=True)
    customers = [f"c{i:03d}" for i in range(CUSTOMERS)]
    habit = rng.gamma(2.0, 3.0, CUSTOMERS)
    rows, tickets, contracts = [], [], []
    for day in range(days, -1, -1):
        moment = now - timedelta(days=day, hours=1)
        recent = shift if day < 7 else 0.0
        for i, customer in enumerate(customers):
            visits = int(rng.poisson(habit[i] + 20 * recent))
            spend = float(np.round(visits + rng.gamma(2.0, 20.0), 2))
            rows.append((customer, moment, visits, spend))
            if i % 3:
                tickets.append((customer, moment.isoformat(), int(rng.poisson(0.5))))
        for i in rng.choice(CUSTOMERS, 8, replace=False):
            plan = str(rng.choice(["basic", "family", "premium"]))
            later = moment + timedelta(minutes=30)
            left = bool(rng.random() < 1 / (1 + np.exp(habit[i] - 4)))
            contracts.append((customers[i], later, plan, float(rng.integers(5, 50)), left))
    columns = ["customer_id", "ts", "visits_7d", "spend_30d"]
    pd.DataFrame(rows, columns=columns).to_parquet(folder / "data" / "activity.parquet")
    pd.DataFrame(tickets, columns=["customer_id", "ts", "tickets"]).to_csv(folder / "data" / "support.csv", index=False)
    columns = ["customer_id", "ts", "plan", "price", "left"]
    pd.DataFrame(contracts, columns=columns).to_parquet(folder / "data" / "contracts.parquet")
