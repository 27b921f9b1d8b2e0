"""Alert routes by severity, receivers, and inhibitions."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.alerts import Route
from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.emit.promql import Matcher, Selector, text
from mlopsctl.engines.prometheus import conventions
from mlopsctl.engines.prometheus.conventions import COMPONENT, NOTIFICATION_API, WAVE
from mlopsctl.engines.shared.kubernetes import manifest, metadata

_QUIET = "nobody"
_OBJECTIVE = "slo_id"


def alertmanager_config(blueprint: Blueprint, labels: dict[str, str]) -> dict[str, Any]:
    """Return the operator's object; the operator restricts it to the namespace of the system."""
    own = [_is("system", blueprint.identity.system), _is("environment", blueprint.identity.environment)]
    return manifest(
        NOTIFICATION_API,
        "AlertmanagerConfig",
        metadata(blueprint, blueprint.identity.system, COMPONENT, wave=WAVE, labels=labels),
        spec={
            "route": {
                "receiver": blueprint.routes[0].severity,
                "matchers": own,
                "groupBy": [*conventions.GROUP_BY],
                "groupWait": conventions.GROUP_WAIT,
                "groupInterval": conventions.GROUP_INTERVAL,
                "routes": [_child(route) for route in blueprint.routes],
            },
            "receivers": [_receiver(route, _secret(blueprint)) for route in blueprint.routes],
            "inhibitRules": [_inhibition(own)],
        },
    )


def _child(route: Route) -> dict[str, Any]:
    return {
        "receiver": route.severity,
        "matchers": [_is("severity", route.severity)],
        "repeatInterval": conventions.REPEAT[route.severity],
    }


def _inhibition(own: list[dict[str, str]]) -> dict[str, Any]:
    """Inhibit the ticket of an objective while its page fires; other alerts do not match."""
    with_objective = {"name": _OBJECTIVE, "value": ".+", "matchType": "=~"}
    return {
        "sourceMatch": [*own, _is("severity", "page"), with_objective],
        "targetMatch": [*own, _is("severity", "ticket"), with_objective],
        "equal": [_OBJECTIVE],
    }


def _is(label: str, value: str) -> dict[str, str]:
    return {"name": label, "value": value, "matchType": "="}


def _secret(blueprint: Blueprint) -> str:
    """Return the name of the secret with the receivers' credentials; empty if none needs them."""
    purpose = conventions.NOTIFICATIONS
    return next((secret.name for secret in blueprint.secrets if secret.purpose == purpose), "")


def _receiver(route: Route, secret: str) -> dict[str, Any]:
    key = {"name": secret, "key": route.severity}
    return {"name": route.severity, **_OPERATOR_RECEIVERS[route.kind](route.name, key)}


_SLACK_WORDS = {
    "title": "{{ .CommonLabels.alertname }} ({{ .CommonLabels.environment }})",
    "text": "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n"
    "{{ .Annotations.runbook_url }}\n{{ end }}",
}

_OPERATOR_RECEIVERS: dict[str, Any] = {
    "pagerduty": lambda name, key: {
        "pagerdutyConfigs": [{"routingKey": key, "details": [{"key": "service", "value": name}], "sendResolved": True}]
    },
    "slack": lambda name, key: {
        "slackConfigs": [{"apiURL": key, "channel": f"#{name}", **_SLACK_WORDS, "sendResolved": True}]
    },
    "opsgenie": lambda name, key: {
        "opsgenieConfigs": [{"apiKey": key, "responders": [{"type": "team", "name": name}], "sendResolved": True}]
    },
    "email": lambda name, key: {"emailConfigs": [{"to": name, "sendResolved": True}]},  # noqa: ARG005
    "webhook": lambda name, key: {"webhookConfigs": [{"urlSecret": key, "sendResolved": True}]},  # noqa: ARG005
}


def alertmanager_file(blueprint: Blueprint) -> dict[str, Any]:
    """Return a complete configuration with this system's routes, for an Alertmanager without the operator."""
    identity = blueprint.identity
    own = (Matcher("system", "=", identity.system), Matcher("environment", "=", identity.environment))
    page, ticket = (_severity(severity) for severity in ("page", "ticket"))
    with_objective = Matcher(_OBJECTIVE, "=~", ".+")
    return {
        "route": {
            "receiver": _QUIET,
            "routes": [
                {
                    "matchers": [_matchers(*own)],
                    "receiver": _name(blueprint, blueprint.routes[0]),
                    "group_by": [*conventions.GROUP_BY],
                    "group_wait": conventions.GROUP_WAIT,
                    "group_interval": conventions.GROUP_INTERVAL,
                    "routes": [_file_child(blueprint, route) for route in blueprint.routes],
                }
            ],
        },
        "receivers": [
            {"name": _QUIET},
            *(_file_receiver(blueprint, route) for route in blueprint.routes),
        ],
        "inhibit_rules": [
            {
                "source_matchers": [_matchers(*own, page, with_objective)],
                "target_matchers": [_matchers(*own, ticket, with_objective)],
                "equal": [_OBJECTIVE],
            }
        ],
    }


def _severity(severity: str) -> Matcher:
    return Matcher("severity", "=", severity)


def _matchers(*conditions: Matcher) -> str:
    """Write label matchers, which Alertmanager parses like PromQL."""
    return text(Selector("", conditions))


def _name(blueprint: Blueprint, route: Route) -> str:
    """Return a receiver's name, unique among all systems."""
    return f"{blueprint.identity.system}.{route.severity}"


def _file_child(blueprint: Blueprint, route: Route) -> dict[str, Any]:
    return {
        "matchers": [_matchers(_severity(route.severity))],
        "receiver": _name(blueprint, route),
        "repeat_interval": conventions.REPEAT[route.severity],
    }


def _file_receiver(blueprint: Blueprint, route: Route) -> dict[str, Any]:
    path = f"{conventions.SECRETS_FOLDER}/{_secret(blueprint)}/{route.severity}"
    return {"name": _name(blueprint, route), **_FILE_RECEIVERS[route.kind](route.name, path)}


_FILE_RECEIVERS: dict[str, Any] = {
    "pagerduty": lambda name, path: {"pagerduty_configs": [{"routing_key_file": path, "details": {"service": name}}]},
    "slack": lambda name, path: {
        "slack_configs": [{"api_url_file": path, "channel": f"#{name}", **_SLACK_WORDS, "send_resolved": True}]
    },
    "opsgenie": lambda name, path: {
        "opsgenie_configs": [{"api_key_file": path, "responders": [{"type": "team", "name": name}]}]
    },
    "email": lambda name, path: {"email_configs": [{"to": name, "send_resolved": True}]},  # noqa: ARG005
    "webhook": lambda name, path: {"webhook_configs": [{"url_file": path}]},  # noqa: ARG005
}
