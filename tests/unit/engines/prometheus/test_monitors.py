"""Scrape targets, with the operator and without."""

from __future__ import annotations

from typing import Any

from blueprints import blueprints, card_fraud
from msgspec.structs import replace
from unit.engines.prometheus.sample import documents, files, plain

from mlopsctl.blueprint.model.metrics import Monitor

PODS = Monitor("scorer", "pod", "ml", {"app.kubernetes.io/name": "scorer"}, "metrics", "/prometheus", "http")
SERVICE = Monitor("controller", "service", "argo", {"app": "x"}, "metrics", "/metrics", "https", True, True)


def monitored(*monitors: Monitor) -> list[Any]:
    return documents(replace(card_fraud(), monitors=monitors), "manifests/monitors.yaml")


def test_pods_are_found_in_the_monitor_s_namespace_by_label() -> None:
    (manifest,) = monitored(PODS)

    assert manifest["kind"] == "PodMonitor"
    assert manifest["spec"]["namespaceSelector"] == {"matchNames": ["ml"]}
    assert manifest["spec"]["selector"] == {"matchLabels": {"app.kubernetes.io/name": "scorer"}}
    assert manifest["spec"]["podMetricsEndpoints"] == [{"port": "metrics", "path": "/prometheus", "interval": "30s"}]


def test_an_exporter_keeps_its_labels_and_a_self_signed_certificate_is_not_verified_where_asked() -> None:
    (manifest,) = monitored(SERVICE)

    assert manifest["kind"] == "ServiceMonitor"
    (endpoint,) = manifest["spec"]["endpoints"]
    assert endpoint["honorLabels"] is True
    assert endpoint["scheme"] == "https"
    assert endpoint["tlsConfig"] == {"insecureSkipVerify": True}


def test_a_port_may_be_a_number() -> None:
    pods, service = monitored(replace(PODS, port="8080"), replace(SERVICE, port="9090"))

    assert pods["spec"]["podMetricsEndpoints"][0]["portNumber"] == 8080
    assert service["spec"]["endpoints"][0]["targetPort"] == 9090


def test_metrics_may_be_at_a_port_that_the_pod_does_not_declare() -> None:
    elsewhere = replace(PODS, port="8080", reads="8082")
    (manifest,) = monitored(elsewhere)
    (endpoint,) = manifest["spec"]["podMetricsEndpoints"]
    (job,) = documents(plain(replace(card_fraud(), monitors=(elsewhere,))), "scrape/scrape.yaml")[0]["scrape_configs"]

    move = {"regex": "(.+):8080", "replacement": "$1:8082"}
    assert endpoint["portNumber"] == 8080
    spelt = {"action": "replace", "sourceLabels": ["__address__"], "targetLabel": "__address__"}
    assert endpoint["relabelings"] == [{**spelt, **move}]
    assert job["relabel_configs"][-1] == {"source_labels": ["__address__"], "target_label": "__address__", **move}


def test_a_model_that_mlserver_serves_on_kserve_is_read_at_mlserver_s_port() -> None:
    (monitor,) = blueprints("payments", "dev")["card-fraud"].monitors

    assert (monitor.port, monitor.reads) == ("8080", "8082")


def test_monitors_carry_the_labels_the_operator_picks_by() -> None:
    (manifest,) = monitored(PODS)

    assert manifest["metadata"]["labels"]["prometheus"] == "k8s"


def test_without_the_operator_the_same_targets_are_scrape_configuration() -> None:
    shared = plain(replace(card_fraud(), monitors=(PODS, SERVICE)))
    pods, service = documents(shared, "scrape/scrape.yaml")[0]["scrape_configs"]

    kept = {
        relabel_config["source_labels"][0]: relabel_config["regex"]
        for relabel_config in pods["relabel_configs"]
        if "regex" in relabel_config
    }
    assert kept == {
        "__meta_kubernetes_pod_label_app_kubernetes_io_name": "scorer",
        "__meta_kubernetes_pod_container_port_name": "metrics",
    }
    assert pods["kubernetes_sd_configs"] == [{"role": "pod", "namespaces": {"names": ["ml"]}}]
    assert service["honor_labels"] is True
    assert service["kubernetes_sd_configs"][0]["role"] == "endpoints"


def test_a_selector_s_value_is_no_pattern() -> None:
    shared = plain(replace(card_fraud(), monitors=(replace(PODS, selector={"app": "a.b"}),)))
    (job,) = documents(shared, "scrape/scrape.yaml")[0]["scrape_configs"]

    assert job["relabel_configs"][0]["regex"] == r"a\.b"


def test_nothing_but_kubernetes_objects_lies_among_the_manifests() -> None:
    for path in files(replace(card_fraud(), monitors=(PODS,))):
        if path.startswith("manifests/"):
            for document in documents(replace(card_fraud(), monitors=(PODS,)), path):
                assert {"apiVersion", "kind", "metadata"} <= set(document)


def test_a_plain_prometheus_gets_no_manifests() -> None:
    assert not [path for path in files(plain(card_fraud())) if path.startswith("manifests/")]
