"""The codes MLC7xx: images, secrets, names and what a tier demands.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NAME_TOO_LONG = Code(
    "MLC701",
    "a derived name is too long",
    Severity.ERROR,
    "Names of rendered objects derive from the system's name and its parts. Kubernetes and the engines refuse one that "
    "is too long, or cut it so that two become one.",
    "shorten the system's name, or the part's",
    "metadata: {name: card-payment-fraud-detection-europe}\nspec:\n  serving:\n    endpoints:\n"
    "      realtime-scorer: {model: champion}\n",
    "metadata: {name: card-fraud-eu}\nspec:\n  serving:\n    endpoints:\n      scorer: {model: champion}\n",
)
NAME_COLLISION = Code(
    "MLC702",
    "two things of one name",
    Severity.ERROR,
    "Systems of an environment share a feature project and a namespace. Two things of one name would overwrite each "
    "other there, and the last one applied would win.",
    "rename one of the two",
    "# fraud and churn both define\nviews:\n  activity: {entity: customer}\n",
    "# fraud\nviews:\n  card_activity: {entity: customer}\n# churn\nviews:\n  visit_activity: {entity: customer}\n",
)
MUTABLE_IMAGE = Code(
    "MLC703",
    "an image that can change under its name",
    Severity.WARNING,
    "A tag can be moved to other content at any time, so the same commit would run different code. In a protected "
    "environment that is an error.",
    "run `mlopsctl lock`, which writes the tag's digest into mlops.lock, or write it into the spec",
    "code: {image: ghcr.io/acme/churn:latest}\n",
    "# mlops.lock\nenvironments: {prod: {images: {'ghcr.io/acme/churn:0.3': sha256:…}}}\n",
)
PLAINTEXT_SECRET = Code(
    "MLC704",
    "something that looks like a secret",
    Severity.ERROR,
    "A spec is committed, rendered, logged and shown in comments. A secret in it is a leaked secret, "
    "also after it has been "
    "removed.",
    "revoke it, put it into the secret store, and write the name of the secret here",
    "online: {type: redis, connection: redis.example.com:6379, database: hunter2-password}\n",
    "online: {type: redis, connection: redis.example.com:6379, secret: feast-redis}\n",
    redact=True,
)
TEMPLATE_MARKER = Code(
    "MLC705",
    "text that another program would run",
    Severity.ERROR,
    "Texts of the spec travel into workflows, alerts and dashboards, whose engines take these marks for a template and "
    "evaluate what is inside.",
    "write the text without the mark",
    'summary: "scores are {{ $value }}"\n',
    'summary: "scores are low"\n',
)
POLICY = Code(
    "MLC706",
    "the tier demands more",
    Severity.ERROR,
    "The workspace says what a system of each tier must have before it may run.",
    "add what is missing, or agree on another tier",
    "# workspace\npolicies: {tier-1: {require: [runbook]}}\n# system\nmetadata: {tier: 1}\nspec: {alerts: {}}\n",
    "metadata: {tier: 1}\nspec: {alerts: {runbook: https://runbooks.example.com/fraud}}\n",
)
REGISTRY = Code(
    "MLC707",
    "an image from a registry that is not allowed",
    Severity.ERROR,
    "The workspace lists the registries that images of this tier may come from.",
    "push the image to an allowed registry",
    "policies: {tier-1: {registries: [ghcr.io/acme]}}\ncode: {image: docker.io/me/fraud:1}\n",
    "code: {image: ghcr.io/acme/fraud:1}\n",
)
PROMOTION = Code(
    "MLC708",
    "promoted from an environment that does not exist",
    Severity.ERROR,
    "Versions move along the environments' order. An order that begins nowhere, or runs in a circle, moves nothing.",
    "name another environment of the workspace, so that the order has a beginning",
    "environments: {prod: {promoteFrom: staging}}  # and no staging\n",
    "environments: {dev: {}, prod: {promoteFrom: dev}}\n",
)
UNSTABLE_SCHEDULE = Code(
    "MLC709",
    "a schedule in a zone with summer time",
    Severity.WARNING,
    "When clocks change, an hour of the night is skipped or comes twice, and a run in that hour with it.",
    "use Etc/UTC, or an hour outside the change",
    'schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}\n',
    'schedule: {cron: "30 2 * * *", timezone: Etc/UTC}\n',
)
OTHER_LOCK = Code(
    "MLC710",
    "a lock entry that nothing uses",
    Severity.WARNING,
    "An environment in mlops.lock that the workspace does not have settles nothing, and is often a misspelling.",
    "correct the name, or run `mlopsctl lock`, which drops what nothing uses",
    "# mlops.lock\nenvironments: {prd: {}}\n",
    "# mlops.lock\nenvironments: {prod: {}}\n",
)
SAME_PLACE = Code(
    "MLC711",
    "two environments in one place",
    Severity.WARNING,
    "Rendered objects are named by their system. In one namespace of one cluster the objects of two environments are "
    "the same ones, and each delivery undoes the other. Cortex has one list of APIs a cluster, "
    "and a project of Hopsworks one set of feature groups, whatever the namespace.",
    "give each environment a namespace or a cluster of its own",
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
