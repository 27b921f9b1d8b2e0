"""The catalogue of metrics against the packages that declare them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from mlopsctl.catalogue.metric import PYTHON_CLIENT
from mlopsctl.engines.metrics import metrics

pytestmark = pytest.mark.oracle
HERE = Path(__file__).parent


@pytest.mark.skipif(importlib.util.find_spec("feast") is None, reason="feast is not installed: run `make test`")
def test_the_feature_server_declares_exactly_the_metrics_of_the_catalogue() -> None:
    read = subprocess.run(
        [sys.executable, HERE / "introspect_feast_metrics.py"], capture_output=True, text=True, check=False
    )

    assert read.returncode == 0, read.stderr[-2000:]
    introspected, known = json.loads(read.stdout), metrics("feast", "0.67")
    assert introspected.keys() == known.keys()
    for name, declared in introspected.items():
        # The label `pid` comes from the mode that tells worker processes apart, not from the declaration.
        own = [label for label in known[name].labels if label != "pid"]
        assert (declared["type"], declared["labels"]) == (known[name].type, own), name
        assert [Decimal(bound) for bound in declared["buckets"]] == list(known[name].buckets), name


def test_a_python_histogram_that_names_no_bounds_has_those_of_the_catalogue() -> None:
    client = pytest.importorskip("prometheus_client", reason="prometheus-client is not installed: run `make test`")
    histogram = client.Histogram("h", "h", registry=client.CollectorRegistry())

    assert [Decimal(str(bound)) for bound in histogram.DEFAULT_BUCKETS[:-1]] == list(PYTHON_CLIENT)
