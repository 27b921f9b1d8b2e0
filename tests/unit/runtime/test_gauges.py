"""What steps measured reaches a push gateway, and a later run takes nothing away that it did not measure."""

from __future__ import annotations

import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Gauge
from mlopsctl.runtime.gauges import PUSHGATEWAY, publish
from mlopsctl.runtime.log import Log
from mlopsctl.runtime.step_context import StepContext

METRIC = "mlops_feature_timestamp_seconds"


class Gateway(ThreadingHTTPServer):
    """A push gateway as far as it goes here: a PUT replaces all that its group held."""

    def __init__(self) -> None:
        self.groups: dict[tuple[tuple[str, str], ...], str] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        assert isinstance(self.server, Gateway)
        parts = self.path.removeprefix("/metrics/").split("/")
        labels = tuple(_label(*pair) for pair in zip(parts[::2], parts[1::2], strict=True))
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.groups[labels] = body
        self.send_response(202)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _label(name: str, text: str) -> tuple[str, str]:
    """Read a label as the gateway does: what is not in base64 is taken as it stands."""
    if not name.endswith("@base64"):
        return name, text
    return name.removesuffix("@base64"), urlsafe_b64decode(text if text != "=" else "").decode()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def gauge(view: str, metric: str = METRIC) -> Gauge:
    labels = (("system", "card-fraud"), ("environment", "dev"), ("view", view))
    return Gauge(metric, "event time of the newest row", labels, f"{metric}-{view}")


def measuring(*gauges: Gauge) -> Blueprint:
    """Return a Blueprint whose materialisation has these gauges."""
    blueprint = blueprints("payments", "dev")["card-fraud"]
    pipelines = [
        replace(
            pipeline,
            steps=tuple(
                replace(step, gauges=gauges) if step.verb == "materialize" else step for step in pipeline.steps
            ),
        )
        for pipeline in blueprint.pipelines
    ]
    return replace(blueprint, pipelines=tuple(pipelines))


def call(blueprint: Blueprint, environ: Mapping[str, str], said: list[str], metrics: Path | None = None) -> StepContext:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return StepContext(
        step="materialize",
        blueprint=blueprint,
        inputs={},
        outputs={},
        parameters={},
        root=Path(),
        features=Path(),
        work=Path(),
        now=now,
        environ=environ,
        log=Log(said.append, lambda: now, False, {}, lambda text: text),
        metrics=metrics,
    )


def push(gateway: Gateway, blueprint: Blueprint, parameters: Mapping[str, str]) -> list[str]:
    said: list[str] = []
    publish(call(blueprint, {PUSHGATEWAY: gateway.address}, said), parameters)
    return said


def values(gateway: Gateway) -> dict[str, str]:
    """Return the number of each view that the gateway knows."""
    return {dict(labels)["view"]: body.splitlines()[-1].rpartition(" ")[2] for labels, body in gateway.groups.items()}


def test_a_run_of_one_view_leaves_the_other_views_numbers(gateway: Gateway) -> None:
    blueprint = measuring(gauge("card_activity"), gauge("merchant"))
    push(gateway, blueprint, {f"{METRIC}-card_activity": "100", f"{METRIC}-merchant": "100"})
    push(gateway, blueprint, {f"{METRIC}-card_activity": "200"})

    assert values(gateway) == {"card_activity": "200", "merchant": "100"}


def test_a_number_that_could_not_be_measured_leaves_the_last_one(gateway: Gateway) -> None:
    blueprint = measuring(gauge("card_activity"))
    push(gateway, blueprint, {f"{METRIC}-card_activity": "100"})
    push(gateway, blueprint, {f"{METRIC}-card_activity": "NaN"})

    assert values(gateway) == {"card_activity": "100"}


def test_a_group_is_named_by_the_step_and_all_of_the_gauges_labels(gateway: Gateway) -> None:
    push(gateway, measuring(gauge("card_activity")), {f"{METRIC}-card_activity": "100"})

    (group,) = gateway.groups
    assert dict(group) == {
        "job": "mlopsctl-materialize",
        "system": "card-fraud",
        "environment": "dev",
        "view": "card_activity",
    }


def test_two_numbers_with_the_same_labels_go_together(gateway: Gateway) -> None:
    plain, other = gauge("card_activity"), gauge("card_activity", "mlops_rows")
    push(gateway, measuring(plain, other), {plain.parameter: "100", other.parameter: "7"})

    (body,) = gateway.groups.values()
    assert METRIC in body
    assert "mlops_rows" in body


@pytest.mark.parametrize("view", ["a/b", "", "..", "ä", "50%2F", "a b", "a?b#c"])
def test_a_label_that_no_path_can_hold_arrives_as_it_is(gateway: Gateway, view: str) -> None:
    push(gateway, measuring(gauge(view)), {f"{METRIC}-{view}": "100"})

    (group,) = gateway.groups
    assert dict(group)["view"] == view


def test_a_gateway_that_is_not_there_is_one_warning_and_no_failure(gateway: Gateway) -> None:
    gateway.shutdown()
    gateway.server_close()
    views = measuring(*(gauge(f"view_{i}") for i in range(50)))

    (said,) = push(gateway, views, {f"{METRIC}-view_{i}": "1" for i in range(50)})
    assert "rejected the metrics" in said


def test_the_text_file_holds_every_number_in_one(tmp_path: Path) -> None:
    blueprint = measuring(gauge("card_activity"), gauge("merchant"))
    target = tmp_path / "gauges.prom"
    numbers = {f"{METRIC}-card_activity": "100", f"{METRIC}-merchant": "200"}

    publish(call(blueprint, {}, [], target), numbers)
    lines = [line for line in target.read_text().splitlines() if not line.startswith("#")]
    assert [line.rpartition(" ")[2] for line in lines] == ["100", "200"]
