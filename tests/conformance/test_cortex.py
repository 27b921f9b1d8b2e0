"""Cortex's list of APIs through Cortex's own Go code, and our model of its rules beside it."""

from __future__ import annotations

import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_rules import cortex as rules
from served import engine, put, variations

from mlopsctl.engines.cortex import target

CORTEX = engine(
    "cortex", "0.42", {"image": f"registry.example.com:5000/acme/server@sha256:{'a' * 64}", "nodeGroups": ("cpu",)}
)


def rendered() -> list[str]:
    blueprints = variations(CORTEX, ("concurrency",), ("direct", "canary", "shadow"), "service")
    return [file.content for blueprint in blueprints for file in target.render(blueprint)]


def refused(program: Path, folder: Path, *texts: str) -> dict[int, str]:
    """Tell which texts are refused, by their number."""
    paths = [folder / f"{number}.yaml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    done = subprocess.run([program, *paths], capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}
    said = [line.partition(": ") for line in done.stderr.splitlines()]
    return {int(Path(path).stem): why for path, _, why in said}


def test_its_own_code_takes_every_combination(cortex_lint: Path, tmp_path: Path) -> None:
    texts = rendered()
    assert len(texts) == 10
    assert refused(cortex_lint, tmp_path, *texts) == {}


MISTAKES: list[tuple[str, object]] = [
    ("0.name", "b-fraud"),
    ("0.name", "Fraud_Scorer"),
    ("0.name", "f" * 43),
    ("0.kind", "RealTimeAPI"),
    ("0.autoscaling.max_replica", 3),
    ("0.pods", {}),
    ("0.pod.port", 15000),
    ("0.pod.max_concurrency", 0),
    ("0.autoscaling.target_in_flight", 8000),
    ("0.autoscaling.min_replicas", 99),
    ("0.autoscaling.window", "65s"),
    ("0.pod.containers.0.compute.cpu", "2x"),
    ("0.pod.containers.0.compute.cpu", "10m"),
    ("0.pod.containers.0.compute.mem", "10Mi"),
    ("0.pod.containers.0.compute", {"gpu": 1, "inf": 1}),
    ("0.pod.containers.0.env.CORTEX_URI", "x"),
    ("0.pod.containers.0.image", "Not An Image"),
    ("0.update_strategy", {"max_surge": 0, "max_unavailable": "0%"}),
    ("0.kind", "TaskAPI"),
    ("2.apis.0.weight", 85),
    ("2.apis.0.weight", 175),
    ("2.apis.1.name", "card-fraud-fraud-scorer-v41"),
]
LET_PASS: list[tuple[str, object]] = [
    ("2.apis.1.name", "nowhere"),
    ("2.networking.endpoint", "/card-fraud-fraud-scorer-v41"),
]


def wrong(path: str, value: object) -> list[dict[str, Any]]:
    """Return a canary's list with one thing changed."""
    apis = next(document for text in rendered() if len(document := yaml.safe_load(text)) == 3)
    changed: list[dict[str, Any]] = deepcopy(apis)
    put(changed, path, value)
    return changed


def test_our_model_and_its_own_code_refuse_the_same(cortex_lint: Path, tmp_path: Path) -> None:
    lists = [wrong(*mistake) for mistake in MISTAKES]
    refusals = refused(cortex_lint, tmp_path, *map(yaml.safe_dump, lists))
    assert [MISTAKES[number] for number in range(len(lists)) if number not in refusals] == []
    assert [mistake for mistake, listing in zip(MISTAKES, lists, strict=True) if not rules.refusals(listing)] == []


@pytest.mark.parametrize(("path", "value"), LET_PASS)
def test_what_its_own_code_lets_pass_our_model_refuses(
    cortex_lint: Path, tmp_path: Path, path: str, value: object
) -> None:
    changed = wrong(path, value)
    assert refused(cortex_lint, tmp_path, yaml.safe_dump(changed)) == {}
    assert rules.refusals(changed)
