"""The codes MLC7xx: images, secrets, names and requirements of a tier.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NAME_TOO_LONG = Code(
    "MLC701",
    "a derived name is too long",
    Severity.ERROR,
    "Names of rendered objects derive from the names of the system and its parts. Kubernetes and the engines reject a "
    "name that is too long, or truncate it so that two names collide.",
    "shorten the name of the system or of the part",
    "metadata: {name: card-payment-fraud-detection-europe}\nspec:\n  serving:\n    endpoints:\n"
    "      realtime-scorer: {model: champion}\n",
    "metadata: {name: card-fraud-eu}\nspec:\n  serving:\n    endpoints:\n      scorer: {model: champion}\n",
)
NAME_COLLISION = Code(
    "MLC702",
    "name collision",
    Severity.ERROR,
    "Systems of an environment share a feature project and a namespace. Two objects with the same name would "
    "overwrite each other; the last one applied would win. Two alerts of a system with the same name cannot be told "
    "apart by routes, silences and dashboards: a rule may not have the name of an alert that is derived.",
    "rename one of the two",
    "# fraud and churn both define\nviews:\n  activity: {entity: customer}\n",
    "# fraud\nviews:\n  card_activity: {entity: customer}\n# churn\nviews:\n  visit_activity: {entity: customer}\n",
)
MUTABLE_IMAGE = Code(
    "MLC703",
    "mutable image tag",
    Severity.WARNING,
    "A tag can be moved to other content at any time, so the same commit could run different code. In a protected "
    "environment this is an error.",
    "run `mlopsctl lock` to write the tag's digest into mlops.lock, or write the digest into the spec",
    "code: {image: ghcr.io/acme/churn:latest}\n",
    "# mlops.lock\nenvironments: {prod: {images: {'ghcr.io/acme/churn:0.3': sha256:…}}}\n",
)
PLAINTEXT_SECRET = Code(
    "MLC704",
    "plaintext secret",
    Severity.ERROR,
    "A spec is committed, rendered, logged and shown in comments. A secret in a spec is leaked, even after it is "
    "removed.",
    "revoke it, store it in the secret store, and write the name of the secret here",
    "online: {type: redis, connection: redis.example.com:6379, database: hunter2-password}\n",
    "online: {type: redis, connection: redis.example.com:6379, secret: feast-redis}\n",
    redact=True,
)
TEMPLATE_MARKER = Code(
    "MLC705",
    "template syntax in a text",
    Severity.ERROR,
    "Texts of the spec are written into workflows, alerts and dashboards, whose engines would evaluate this syntax as "
    "a template.",
    "remove the template syntax",
    'summary: "scores are {{ $value }}"\n',
    'summary: "scores are low"\n',
)
POLICY = Code(
    "MLC706",
    "requirement of the tier not met",
    Severity.ERROR,
    "The workspace defines what a system of each tier must have.",
    "add what is missing, or agree on another tier",
    "# workspace\npolicies: {tier-1: {require: [runbook]}}\n# system\nmetadata: {tier: 1}\nspec: {alerts: {}}\n",
    "metadata: {tier: 1}\nspec: {alerts: {runbook: https://runbooks.example.com/fraud}}\n",
)
REGISTRY = Code(
    "MLC707",
    "registry that is not allowed",
    Severity.ERROR,
    "The workspace lists the registries that images of this tier can come from.",
    "push the image to an allowed registry",
    "policies: {tier-1: {registries: [ghcr.io/acme]}}\ncode: {image: docker.io/me/fraud:1}\n",
    "code: {image: ghcr.io/acme/fraud:1}\n",
)
PROMOTION = Code(
    "MLC708",
    "invalid promotion order",
    Severity.ERROR,
    "Versions are promoted along the order of environments. An order with an unknown start or a cycle promotes "
    "nothing.",
    "name another environment of the workspace, so that the order has a start",
    "environments: {prod: {promoteFrom: staging}}  # and no staging\n",
    "environments: {dev: {}, prod: {promoteFrom: dev}}\n",
)
UNSTABLE_SCHEDULE = Code(
    "MLC709",
    "schedule in a time zone with daylight saving time",
    Severity.WARNING,
    "When clocks change, one hour of the night is skipped or repeated, and so is a run in that hour.",
    "use Etc/UTC, or an hour outside the change",
    'schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}\n',
    'schedule: {cron: "30 2 * * *", timezone: Etc/UTC}\n',
)
OTHER_LOCK = Code(
    "MLC710",
    "unused lock entry",
    Severity.WARNING,
    "An environment in mlops.lock that the workspace does not define has no effect, and is often a misspelling.",
    "correct the name, or run `mlopsctl lock`, which removes unused entries",
    "# mlops.lock\nenvironments: {prd: {}}\n",
    "# mlops.lock\nenvironments: {prod: {}}\n",
)
SAME_PLACE = Code(
    "MLC711",
    "two environments with one target",
    Severity.WARNING,
    "Rendered objects are named after their system. Two environments in one namespace of one cluster have the same "
    "objects, so each delivery reverts the other. Cortex has one list of APIs per cluster, and a Hopsworks project "
    "one set of feature groups, independent of the namespace.",
    "give each environment its own namespace or cluster",
    "environments: {dev: {namespace: ml}, prod: {namespace: ml}}\n",
    "environments: {dev: {namespace: ml-dev}, prod: {namespace: ml-prod}}\n",
)

CODES: tuple[Code, ...] = (
    NAME_TOO_LONG,
    NAME_COLLISION,
    MUTABLE_IMAGE,
    PLAINTEXT_SECRET,
    TEMPLATE_MARKER,
    POLICY,
    REGISTRY,
    PROMOTION,
    UNSTABLE_SCHEDULE,
    OTHER_LOCK,
    SAME_PLACE,
)
