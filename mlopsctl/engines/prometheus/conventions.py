"""Names of Prometheus, Alertmanager and the operator, and the intervals of this target."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.platform import SCRAPE_INTERVAL

RULE_API: Final = "monitoring.coreos.com/v1"
NOTIFICATION_API: Final = "monitoring.coreos.com/v1alpha1"
OPERATOR: Final = "prometheus-operator"
COMPONENT: Final = "monitoring"
WAVE: Final = 1

EVALUATE: Final = "30s"
"""How often objectives are evaluated, whose shortest window is 5m, and rises of counts, seen for 1m."""
EVALUATE_BUDGET: Final = "2m"
"""How often ratios over a whole period are: they read many samples and move slowly, yet must not go stale (5m)."""
SCRAPE: Final = SCRAPE_INTERVAL

NOTIFICATIONS: Final = "notifications"
"""The purpose of the secret that holds the credentials of receivers, a key a severity."""
SECRETS_FOLDER: Final = "/etc/alertmanager/secrets"
"""Where a plain Alertmanager is expected to find mounted secrets, a folder a secret."""

GROUP_WAIT: Final = "30s"
GROUP_INTERVAL: Final = "5m"
REPEAT: Final = {"page": "4h", "ticket": "1d"}
"""How long until a notification for what still burns is sent again."""
GROUP_BY: Final = ("alertname", "system", "environment")

TARGET_LABELS: Final = ("container", "endpoint", "instance", "job", "namespace", "pod", "service")
"""What a scrape adds to every series."""
