"""The codes MLC5xx: endpoints, rollouts, scaling and served versions.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

NOT_LOCKED = Code(
    "MLC501",
    "no locked version for an endpoint",
    Severity.NOTE,
    "Git pins what runs: an endpoint serves the version that mlops.lock has for its alias. Before the first model is "
    "registered there is none, so the tree omits serving and its objectives; everything else is rendered.",
    "train and register a model, then run `mlopsctl lock`",
    "# mlops.lock has no entry for card-fraud@champion\nendpoints:\n  scorer: {model: champion}\n",
    "# mlops.lock\nenvironments:\n  prod:\n    models:\n"
    '      card-fraud@champion: {version: "41", uri: s3://models/card-fraud/41}\n',
)
OFFLINE_FEATURE = Code(
    "MLC502",
    "endpoint with an offline feature",
    Severity.ERROR,
    "An endpoint looks its features up in the online store. A view that is not materialised, or has `online: false`, "
    "has no rows there: every request would be answered without the feature.",
    "materialise the view, or remove its features from the set",
    "views: {activity: {ttl: 1d}}  # no materialize\nendpoints: {scorer: {features: inputs}}\n",
    "views: {activity: {ttl: 1d, materialize: {every: 1h}}}\n",
)
REQUEST_SHADOWS = Code(
    "MLC503",
    "request field that hides a feature",
    Severity.ERROR,
    "With two values of the same name, the model would be trained on one and served with the other.",
    "rename the request field, or remove the feature from the set",
    "sets: {inputs: {fields: [activity.amount], request: {amount: float64}}}\n",
    "sets: {inputs: {fields: [activity.amount], request: {amount_now: float64}}}\n",
)
OTHER_SET = Code(
    "MLC504",
    "serving with another feature set than training",
    Severity.ERROR,
    "A set is the contract between training and serving. An endpoint with another set passes columns to the model "
    "that it does not know, in an order that it does not expect.",
    "serve the set that the model was trained on",
    "model: {features: inputs_v2}\nendpoints: {scorer: {model: champion, features: inputs_v1}}\n",
    "model: {features: inputs_v2}\nendpoints: {scorer: {model: champion, features: inputs_v2}}\n",
)
CANARY_STEPS = Code(
    "MLC505",
    "canary steps that do not rise to 100",
    Severity.ERROR,
    "A canary rollout gives the new version an increasing share until it has all traffic.",
    "list increasing percentages that end with 100",
    "rollout: {strategy: canary, steps: [25, 10], pause: 30m}\n",
    "rollout: {strategy: canary, steps: [10, 25, 100], pause: 30m}\n",
)
REPLICAS = Code(
    "MLC506",
    "minimum above the maximum",
    Severity.ERROR,
    "The API server rejects an autoscaler whose minimum is above its maximum.",
    "raise `max` or lower `min`",
    "replicas: {min: 5, max: 2}\n",
    "replicas: {min: 2, max: 5}\n",
)
AUTOSCALE_UNSUPPORTED = Code(
    "MLC507",
    "scaling metric that the engine does not support",
    Severity.ERROR,
    "Each serving engine scales on its own metrics. With another metric, the number of replicas would never change.",
    "choose a metric of the engine, or another engine for the environment",
    'stack: {serving: {engine: seldon, version: "2"}}\nautoscale: {metric: cpu, target: 70}\n',
    'stack: {serving: {engine: seldon, version: "2"}}\nautoscale: {metric: rps, target: 50}\n',
)
ROLLOUT_UNSUPPORTED = Code(
    "MLC508",
    "rollout strategy that the engine does not support",
    Severity.ERROR,
    "Not every serving engine can split or mirror traffic. Rendered as a direct rollout, the new version would get "
    "all traffic at once, which is the opposite of the request.",
    "choose a strategy of the engine; an environment can override it",
    "stack: {serving: {engine: kserve}}\nrollout: {strategy: shadow}\n",
    "overrides: {dev: {serving.endpoints.scorer.rollout: {strategy: direct}}}\n",
)
SCALE_TO_ZERO = Code(
    "MLC509",
    "engine that cannot scale to zero",
    Severity.ERROR,
    "`replicas.min: 0` means no replica without traffic. This engine rejects that, or never starts the first replica.",
    "use a minimum of 1",
    "replicas: {min: 0, max: 4}\n",
    "replicas: {min: 1, max: 4}\n",
)
FIXED_AUTOSCALE = Code(
    "MLC510",
    "autoscaling with a fixed number of replicas",
    Severity.WARNING,
    "With equal minimum and maximum, an autoscaler never changes anything.",
    "set `replicas.max` above `min`, or remove `autoscale`",
    "replicas: {min: 2}\nautoscale: {metric: rps, target: 50}\n",
    "replicas: {min: 2, max: 10}\nautoscale: {metric: rps, target: 50}\n",
)
ENGINE_VERSION = Code(
    "MLC511",
    "unsupported engine version",
    Severity.ERROR,
    "Fields and metric names differ between versions of an engine. The rendered files were checked with the versions "
    "that `mlopsctl` supports.",
    "use a supported version; the message lists them",
    'stack: {serving: {engine: kserve, version: "0.11"}}\n',
    'stack: {serving: {engine: kserve, version: "0.20"}}\n',
)
SIGNATURE = Code(
    "MLC512",
    "locked model trained on other features",
    Severity.ERROR,
    "The endpoint sends the features of the current set, and the locked version expects the inputs of its training. "
    "With a different type or name, every request fails or reads the wrong column.",
    "train a version on the current set and run `mlopsctl lock --upgrade NAME`, or revert the set until then; to "
    "render the new training first, accept the change in `metadata.accepts` with the reason why it is safe",
    "# mlops.lock\nsignature: {inputs: {txn_count: int64}}\n# mlops.yaml, where it is float64 now\n"
    "sets: {inputs: {fields: [activity.txn_count]}}\n",
    "# mlops.lock\nsignature: {inputs: {txn_count: float64}}\n",
)
NO_DELIVERY = Code(
    "MLC513",
    "no delivery",
    Severity.NOTE,
    "Argo CD applies the content of a repository. Without the repository's address no Application can be rendered; "
    "the rest of the tree is complete. Without a workspace file the stores are local files as well: the pods of a "
    "cluster have a read-only disk and share no files.",
    "set the repository in a workspace file: `git: {repository: https://host/owner/name}`",
    "spec: {systems: [mlops.yaml]}\n",
    "spec: {systems: [mlops.yaml], git: {repository: https://git.example.com/acme/ml}}\n",
)

NO_IMAGE = Code(
    "MLC514",
    "steps without an image",
    Severity.WARNING,
    "Steps run in the image of the model's code. A system without a model has no image, so its features would never "
    "reach the online store.",
    "set an image that contains mlopsctl in the workspace's `defaults.image`",
    "spec: {features: {views: {risk: {materialize: {every: 1h}}}}}  # and no model\n",
    "# workspace\ndefaults: {image: 'ghcr.io/acme/mlops-steps:1.0'}\n",
)

FILE_STORES = Code(
    "MLC515",
    "file stores in a cluster pipeline",
    Severity.ERROR,
    "Each pod has its own file system. A feature registry, an online store or a model registry in a file is written "
    "by one step and never seen by the next, so the pipeline trains on nothing and registers nowhere. A cluster "
    "uses the stores of an environment with a `cluster`, and those of a workspace that sets a `pipelines` engine, also "
    "where they are left to their defaults. A workspace with neither can keep them in files: `mlopsctl run` uses one "
    "machine.",
    "set a `registry` and an `online` store for features, and a `uri` for models, that pods can reach, in the "
    "workspace",
    "stack: {features: {engine: feast}, registry: {engine: mlflow}}\n",
    "stack:\n  features: {engine: feast, registry: s3://acme/registry.db, online: {type: redis, secret: redis}}\n"
    "  registry: {engine: mlflow, uri: http://mlflow.mlops.svc:5000}\n",
)
FEATURE_SERVER = Code(
    "MLC516",
    "feature server that the platform must run",
    Severity.NOTE,
    "An endpoint with `features` looks them up by entity key from Feast's feature server. The platform chooses the "
    "server's image and size, so it is not rendered.",
    "run `feast serve` in the cluster under the name `feast-server`, or set another address in `stack.features.server`",
    "endpoints: {scorer: {model: champion, features: inputs}}\n",
    "stack: {features: {engine: feast, server: feast.features.svc:6566}}\n",
)

ENGINE_NOTICE = Code(
    "MLC517",
    "unmaintained or proprietary engine",
    Severity.WARNING,
    "The engine is no longer maintained, or its licence is not open. The rendered files are correct for its current "
    "version; future problems of the engine may not be fixed.",
    "plan a migration to another engine of the stage; `mlopsctl engines` lists them",
    "stack: {serving: {engine: cortex}}\n",
    "stack: {serving: {engine: kserve}}\n",
)
LOCAL_ARTIFACT = Code(
    "MLC518",
    "locked address on a local machine",
    Severity.ERROR,
    "Servers and monitoring steps in a cluster read the locked version's package and snapshot from their address. A "
    "path on the machine that registered the model does not exist there.",
    "register the model where pods can read it, such as a bucket, and run `mlopsctl lock` again",
    'models: {"churn@champion": {version: "1", uri: "file:///srv/models/1"}}\n',
    'models: {"churn@champion": {version: "1", uri: "s3://models/churn/1"}}\n',
)
MODEL_WITHOUT_IMAGE = Code(
    "MLC519",
    "model without an image for its steps",
    Severity.ERROR,
    "In a cluster every step runs in the image of the model's code. `mlopsctl run` on one machine needs none, so the "
    "image can be omitted until the first tree is rendered, or an environment sets its cluster.",
    "set `code.image` to an image that contains mlopsctl and the modules that the spec names",
    "code: {entrypoint: 'churn.train:train'}   # and the environment has a `cluster`\n",
    "code: {image: 'ghcr.io/acme/churn:1.0', entrypoint: 'churn.train:train'}\n",
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
    LOCAL_ARTIFACT,
    MODEL_WITHOUT_IMAGE,
)
