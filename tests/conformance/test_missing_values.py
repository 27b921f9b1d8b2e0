"""A watched column that loses its values: from rows, over the monitor's gauges, to the rendered alert.

The oracle is promtool, which evaluates the rendered rules over the very lines that the step exports.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from blueprints import blueprints
from unit.engines.prometheus.sample import files

from mlopsctl.blueprint.model.alerts import BoundCondition
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.checks import DriftColumn
from mlopsctl.engines.deepchecks.backend import drift_scores
from mlopsctl.engines.metrics import own_name
from mlopsctl.runtime.gauges import exposition
from mlopsctl.runtime.model import drift
from mlopsctl.runtime.steps.monitor import parameters

if TYPE_CHECKING:
    import pandas as pd

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

UNITS = [
    ("quickstart", "local", "quickstart"),
    ("demand-forecast", "prod", "demand-forecast"),
    ("payments", "prod", "card-fraud"),
]
ROWS = 400
BEFORE = 0.3
"""The share of missing values in training."""


def column(kind: str, missing: float, seed: int) -> pd.Series[Any]:
    """Draw values of one distribution, of which the first share is missing."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    texts = kind in ("string", "bool")
    values = rng.choice(["a", "b"], ROWS) if texts else rng.normal(0, 1, ROWS)
    series: pd.Series[Any] = pd.Series(values, dtype="object" if texts else "float64")
    return series.mask(np.arange(ROWS) < missing * ROWS)


def exported(blueprint: Blueprint, lost: DriftColumn, before: float, share: float) -> str:
    """Return what the monitor exports where one column has this share of missing values, and the others as before."""
    import pandas as pd

    live = blueprint.checks.live if blueprint.checks else None
    assert live
    reference = pd.DataFrame({drift_column.name: column(drift_column.type, before, 1) for drift_column in live.drift})
    recent = pd.DataFrame(
        {
            drift_column.name: column(drift_column.type, share if drift_column == lost else before, 2)
            for drift_column in live.drift
        }
    )
    scores = drift.scores(reference, recent, live.drift, drift_scores)
    shares = drift.missing_shares(recent, live.drift)
    values = parameters({drift_column.parameter: scores[drift_column.name] for drift_column in live.drift})
    values |= parameters({drift_column.missing: shares[drift_column.name] for drift_column in live.drift})
    return exposition(gauges(blueprint), values)


def gauges(blueprint: Blueprint) -> list[Any]:
    steps = [step for pipeline in blueprint.pipelines if pipeline.purpose == "monitor" for step in pipeline.steps]
    return [gauge for step in steps for gauge in step.gauges]


def series(blueprint: Blueprint, text: str) -> list[dict[str, str]]:
    """Turn the exported lines into promtool's inputs, under the names that the engine gives them."""
    lines = [re.fullmatch(r"(\w+)(\{.*\}) (\S+)", line) for line in text.splitlines() if not line.startswith("#")]
    engine = blueprint.engines.pipelines.name
    return [{"series": own_name(line[1], engine) + line[2], "values": f"{line[3]}x60"} for line in lines if line]


def fired(promtool: Path, blueprint: Blueprint, inputs: list[dict[str, str]], folder: Path) -> list[dict[str, Any]]:
    """Return the drift alerts that fire after ten minutes, as promtool prints them where none is expected."""
    folder.mkdir()
    (folder / "rules.yaml").write_text(files(blueprint)["rules/rules.yaml"], encoding="utf-8")
    names = [
        alert.name for alert in blueprint.alerts if alert.group == "drift" and type(alert.condition) is BoundCondition
    ]
    checks = [{"eval_time": "10m", "alertname": name, "exp_alerts": []} for name in names]
    tests = [{"interval": "1m", "input_series": inputs, "alert_rule_test": checks}]
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests}
    (folder / "test.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    done = subprocess.run(
        [promtool, "test", "rules", "test.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    descriptions = re.findall(r'description="((?:[^"\\]|\\.)*)"', said)
    assert bool(descriptions) == bool(done.returncode), said
    return descriptions


def watched(blueprint: Blueprint) -> tuple[DriftColumn, ...]:
    live = blueprint.checks.live if blueprint.checks else None
    assert live
    assert live.drift
    return live.drift


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
@pytest.mark.parametrize(("before", "share"), [(0.0, 1.0), (0.0, 0.5), (BEFORE, 1.0)])
def test_a_column_that_loses_its_values_fires_and_the_alert_names_it(
    unit: tuple[str, str, str], before: float, share: float, promtool: Path, tmp_path: Path
) -> None:
    example, environment, name = unit
    blueprint = blueprints(example, environment)[name]
    for number, lost in enumerate(watched(blueprint)):
        text = exported(blueprint, lost, before, share)
        assert f'column="{lost.name}"}} {share:g}' in text
        alerts = fired(promtool, blueprint, series(blueprint, text), tmp_path / str(number))
        assert len(alerts) == 1, alerts
        assert f"(column {lost.name}). {share:.0%} of its values are missing." in alerts[0]


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
@pytest.mark.parametrize("share", [0.0, BEFORE])
def test_a_column_that_keeps_its_share_of_missing_values_is_silent(
    unit: tuple[str, str, str], share: float, promtool: Path, tmp_path: Path
) -> None:
    example, environment, name = unit
    blueprint = blueprints(example, environment)[name]
    text = exported(blueprint, watched(blueprint)[0], share, share)
    assert fired(promtool, blueprint, series(blueprint, text), tmp_path / "rules") == []


@pytest.mark.parametrize("unit", UNITS, ids="-".join)
def test_series_of_a_removed_column_fire_nothing(unit: tuple[str, str, str], promtool: Path, tmp_path: Path) -> None:
    example, environment, name = unit
    blueprint = blueprints(example, environment)[name]
    gone = watched(blueprint)[0]
    text = exported(blueprint, gone, 0.0, 1.0).replace(f'column="{gone.name}"', 'column="removed"')
    assert 'column="removed"' in text
    assert fired(promtool, blueprint, series(blueprint, text), tmp_path / "rules") == []
