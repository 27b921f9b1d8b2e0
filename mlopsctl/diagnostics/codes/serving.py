"""The codes MLC5xx: endpoints, rollouts, scaling, and what is served.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NOT_LOCKED = Code(
    "MLC501",
    "nothing is locked for an endpoint",
    Severity.NOTE,
    "Git settles what runs: an endpoint serves the version that mlops.lock names for its alias. Before "
    "the first model is "
    "registered there is none, so serving and its objectives are left out of the tree, and everything "
    "else is rendered.",
    "train and register a model, then run `mlopsctl lock`",
    "# mlops.lock has no entry for card-fraud@champion\nendpoints:\n  scorer: {model: champion}\n",
    "# mlops.lock\nenvironments:\n  prod:\n    models:\n"
    '      card-fraud@champion: {version: "41", uri: s3://models/card-fraud/41}\n',
)
OFFLINE_FEATURE = Code(
    "MLC502",
    "an endpoint asks for an offline feature",
    Severity.ERROR,
    "An endpoint looks its features up in the online store. A view that is not materialised, or says "
    "`online: false`, has "
    "no row there: every request would be answered without the feature.",
    "materialise the view, or take its features out of the set",
    "views: {activity: {ttl: 1d}}  # no materialize\nendpoints: {scorer: {features: inputs}}\n",
    "views: {activity: {ttl: 1d, materialize: {every: 1h}}}\n",
)
REQUEST_SHADOWS = Code(
    "MLC503",
    "a request field hides a feature",
    Severity.ERROR,
    "With two values of one name the model would be trained on one and asked with the other.",
    "rename the request field, or take the feature out of the set",
    "sets: {inputs: {fields: [activity.amount], request: {amount: float64}}}\n",
    "sets: {inputs: {fields: [activity.amount], request: {amount_now: float64}}}\n",
)
OTHER_SET = Code(
    "MLC504",
    "served with other features than trained",
    Severity.ERROR,
    "A set is the contract between training and serving. An endpoint that is asked with another set hands the model "
    "columns it does not know, in an order it does not expect.",
    "serve the set that the model is trained on",
    "model: {features: inputs_v2}\nendpoints: {scorer: {model: champion, features: inputs_v1}}\n",
    "model: {features: inputs_v2}\nendpoints: {scorer: {model: champion, features: inputs_v2}}\n",
)
CANARY_STEPS = Code(
    "MLC505",
    "canary steps that do not rise to 100",
    Severity.ERROR,
    "A rollout gives the new version a growing share until it has all of the traffic.",
    "list rising percentages that end with 100",
    "rollout: {strategy: canary, steps: [25, 10], pause: 30m}\n",
    "rollout: {strategy: canary, steps: [10, 25, 100], pause: 30m}\n",
)
REPLICAS = Code(
    "MLC506",
    "a minimum above the maximum",
    Severity.ERROR,
    "An autoscaler with its minimum above its maximum is refused by the API server.",
    "raise `max` or lower `min`",
    "replicas: {min: 5, max: 2}\n",
    "replicas: {min: 2, max: 5}\n",
)
AUTOSCALE_UNSUPPORTED = Code(
    "MLC507",
    "a scaling metric that the engine cannot follow",
    Severity.ERROR,
    "Each serving engine scales on the metrics it has. On another one the number of copies would never change.",
    "choose a metric of the engine, or another engine for the environment",
    'stack: {serving: {engine: seldon, version: "2"}}\nautoscale: {metric: cpu, target: 70}\n',
    'stack: {serving: {engine: seldon, version: "2"}}\nautoscale: {metric: rps, target: 50}\n',
)
ROLLOUT_UNSUPPORTED = Code(
    "MLC508",
    "a rollout that the engine cannot do",
    Severity.ERROR,
    "Not every serving engine can split or mirror traffic. Rendered as a direct rollout, the new version "
    "would take all "
    "traffic at once, which is the opposite of what was asked for.",
    "choose a strategy of the engine; an environment can override it",
    "stack: {serving: {engine: kserve}}\nrollout: {strategy: shadow}\n",
    "overrides: {dev: {serving.endpoints.scorer.rollout: {strategy: direct}}}\n",
)
SCALE_TO_ZERO = Code(
    "MLC509",
    "an engine that keeps one copy up",
    Severity.ERROR,
    "`replicas.min: 0` asks for no copy when there is no traffic. This engine refuses that, or never starts the first.",
    "use a minimum of 1",
    "replicas: {min: 0, max: 4}\n",
    "replicas: {min: 1, max: 4}\n",
)
FIXED_AUTOSCALE = Code(
    "MLC510",
    "scaling without room to scale",
    Severity.WARNING,
    "With as many copies at most as at least, an autoscaler never does anything.",
    "give `replicas.max` above `min`, or remove `autoscale`",
    "replicas: {min: 2}\nautoscale: {metric: rps, target: 50}\n",
    "replicas: {min: 2, max: 10}\nautoscale: {metric: rps, target: 50}\n",
)
ENGINE_VERSION = Code(
    "MLC511",
    "a version that is not supported",
    Severity.ERROR,
    "Fields and metric names differ between versions of an engine. What is rendered was checked with the versions that "
    "`mlopsctl` knows.",
    "use a version the finding lists",
    'stack: {serving: {engine: kserve, version: "0.11"}}\n',
    'stack: {serving: {engine: kserve, version: "0.20"}}\n',
)
SIGNATURE = Code(
    "MLC512",
    "the locked model was trained on other features",
    Severity.ERROR,
    "The endpoint asks with today's set, and the locked version knows the inputs of its training. A type "
    "or a name that "
    "differs makes every request fail, or be answered from the wrong column.",
    "train a version on today's set and run `mlopsctl lock --upgrade NAME`, or change the set back until then",
    "# mlops.lock\nsignature: {inputs: {txn_count: int64}}\n# mlops.yaml, where it is float64 now\n"
    "sets: {inputs: {fields: [activity.txn_count]}}\n",
    "# mlops.lock\nsignature: {inputs: {txn_count: float64}}\n",
)
NO_DELIVERY = Code(
    "MLC513",
    "nothing is delivered",
    Severity.NOTE,
    "Argo CD applies what a repository holds. Without the repository's address no Application can be "
    "rendered; the rest of "
    "the tree is complete.",
    "name the repository in a workspace file: `git: {repository: https://host/owner/name}`",
    "spec: {systems: [mlops.yaml]}\n",
    "spec: {systems: [mlops.yaml], git: {repository: https://git.example.com/acme/ml}}\n",
)

NO_IMAGE = Code(
    "MLC514",
    "steps without an image",
    Severity.WARNING,
    "Steps run in the image of the model's code. A system without a model has none, so its features would never be "
    "brought online.",
    "name an image with mlopsctl in the workspace's `defaults.image`",
    "spec: {features: {views: {risk: {materialize: {every: 1h}}}}}  # and no model\n",
    "# workspace\ndefaults: {image: 'ghcr.io/acme/mlops-steps:1.0'}\n",
)

FILE_STORES = Code(
    "MLC515",
    "stores of files under pipelines of a cluster",
    Severity.WARNING,
    "Each pod has its own file system. A feature registry, an online store or a model registry in a file "
    "is written by one "
    "step and never seen by the next, so the pipeline trains on nothing and registers nowhere.",
    "give the workspace a `registry` and an `online` store for features, and a `uri` for models, that pods can reach",
    "stack: {features: {engine: feast}, registry: {engine: mlflow}}\n",
    "stack:\n  features: {engine: feast, registry: s3://acme/registry.db, online: {type: redis, secret: redis}}\n"
    "  registry: {engine: mlflow, uri: http://mlflow.mlops.svc:5000}\n",
)
FEATURE_SERVER = Code(
    "MLC516",
    "a feature server that somebody has to run",
    Severity.NOTE,
    "An endpoint with `features` looks them up by entity key from Feast's feature server. The server's "
    "image and size are "
    "the platform's, so it is not rendered.",
    "run `feast serve` there under the name `feast-server`, or name another address in `stack.features.server`",
    "endpoints: {scorer: {model: champion, features: inputs}}\n",
    "stack: {features: {engine: feast, server: feast.features.svc:6566}}\n",
)

ENGINE_NOTICE = Code(
    "MLC517",
    "an engine to think twice about",
    Severity.WARNING,
    "The engine is no longer maintained, or its licence is not an open one. What is rendered for it is right today; "
    "nobody mends it tomorrow.",
    "plan the way to another engine of the stage; `mlopsctl engines` lists them",
    "stack: {serving: {engine: cortex}}\n",
    "stack: {serving: {engine: kserve}}\n",
)

CODES: tuple[Code, ...] = (
    NOT_LOCKED,
    OFFLINE_FEATURE,
    REQUEST_SHADOWS,
    OTHER_SET,
    CANARY_STEPS,
    REPLICAS,
    AUTOSCALE_UNSUPPORTED,
    ROLLOUT_UNSUPPORTED,
    SCALE_TO_ZERO,
    FIXED_AUTOSCALE,
    ENGINE_VERSION,
    SIGNATURE,
    NO_DELIVERY,
    NO_IMAGE,
    FILE_STORES,
    FEATURE_SERVER,
    ENGINE_NOTICE,
)
