"""Names of Prometheus, Alertmanager and the operator, and evaluation intervals."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.platform import SCRAPE_INTERVAL

RULE_API: Final = "monitoring.coreos.com/v1"
NOTIFICATION_API: Final = "monitoring.coreos.com/v1alpha1"
OPERATOR: Final = "prometheus-operator"
COMPONENT: Final = "monitoring"
WAVE: Final = 1

EVALUATE: Final = "30s"
"""The evaluation interval of objectives (shortest window 5m) and of rises of counts (visible for 1m)."""
EVALUATE_BUDGET: Final = "2m"
"""The evaluation interval of ratios over a whole period: they read many samples, and go stale after 5m."""
SCRAPE: Final = SCRAPE_INTERVAL

NOTIFICATIONS: Final = "notifications"
"""The purpose of the secret with the receivers' credentials, one key per severity."""
SECRETS_FOLDER: Final = "/etc/alertmanager/secrets"
"""The folder of mounted secrets for an Alertmanager without the operator, one subfolder per secret."""

GROUP_WAIT: Final = "30s"
GROUP_INTERVAL: Final = "5m"
REPEAT: Final = {"page": "4h", "ticket": "1d"}
"""The interval at which notifications of firing alerts are repeated."""
GROUP_BY: Final = ("alertname", "system", "environment")

TARGET_LABELS: Final = ("container", "endpoint", "instance", "job", "namespace", "pod", "service")
"""Labels that a scrape adds to every series."""
