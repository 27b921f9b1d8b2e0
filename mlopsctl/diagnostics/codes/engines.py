"""The codes MLC8xx of more than one engine: features that the chosen engine does not support.

One constant per code, and `CODES`. The codes of one engine are in its folder.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes import plugins
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

FEAST_FIELD = Code(
    "MLC803",
    "feature that is a key or a time",
    Severity.ERROR,
    why="The feature store already has the entity's key and the source's times as columns. If a feature has the same "
    "name, a join loses one of the two.",
    help="remove the field, or rename the column in the source",
    bad="views:\n  activity: {entity: card, source: stats, fields: [card_id, amount]}",
    good="views:\n  activity: {entity: card, source: stats, fields: [amount]}",
)
FEAST_TWO_FIELDS = Code(
    "MLC804",
    "duplicate field name in a set",
    Severity.ERROR,
    why="A joined row has one column per field, named by the field only, in training and in serving. It cannot "
    "contain two fields with the same name.",
    help="rename one of the two in its view",
    bad="fields: [cards.count_1h, merchants.count_1h]",
    good="fields: [cards.card_count_1h, merchants.merchant_count_1h]",
)
FEATURES_TOO_LARGE = Code(
    "MLC808",
    "feature project too large for a ConfigMap",
    Severity.ERROR,
    why="Steps in a cluster read the feature project from a ConfigMap, and Kubernetes rejects a ConfigMap above 1 MiB.",
    help="split the workspace; a system can only read features of its own workspace",
    bad="# 2,000 systems\nsystems: [systems/*/mlops.yaml]",
    good="# those of one domain\nsystems: [systems/risk/*/mlops.yaml]",
)


UNREPORTED = Code(
    "MLC820",
    "alerts on metrics that the engine does not export",
    Severity.WARNING,
    why="The steps measure feature freshness, input drift and quality. Argo Workflows exports these metrics; KFP, "
    "Kale and Polyaxon do not, so the steps must push them. Without a push gateway, the alerts on drift and quality "
    "never fire, and the freshness alert fires forever.",
    help="set a push gateway in the workspace, or run the pipelines on argo-workflows",
    bad="pipelines: {engine: kfp}\nmonitoring: {engine: prometheus-operator}",
    good="pipelines: {engine: kfp}\nmonitoring: {engine: prometheus-operator, pushgateway: http://push.monitoring:9091}",
)

PIPELINE_UNSUPPORTED = Code(
    "MLC823",
    "pipeline feature that the engine does not support",
    Severity.WARNING,
    why="Engines differ in what can start a run and in the settings of a step. An unsupported setting would be lost "
    "silently: a run that never starts, a limit that is not enforced. It is an error if the rest would fail without "
    "it.",
    help="use a feature of the engine; an environment can override the field",
    bad='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 * * 1", timezone: Europe/Berlin}}',
    good='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 2 * * 1", timezone: Etc/UTC}}',
)

SERVING_FLAVOR = Code(
    "MLC830",
    "flavor that the engine cannot serve",
    Severity.ERROR,
    why="A serving engine selects the model server by the flavor. Without a server for the flavor, the model is never "
    "loaded.",
    help="choose another flavor, or an engine that has a server for it",
    bad="# stack.serving: {engine: kserve}\nmodel: {flavor: a-flavor-of-your-own}",
    good="# stack.serving: {engine: kserve}\nmodel: {flavor: pyfunc}",
)
SERVING_TARGET = Code(
    "MLC831",
    "invalid scaling target",
    Severity.ERROR,
    why="For the engines, a CPU or memory target is a whole number of percent, and most other targets are whole "
    "numbers, too. Another value is rejected when it is applied, and the endpoint does not change.",
    help="use a target that the engine accepts",
    bad="autoscale: {metric: cpu, target: 0.7}",
    good="autoscale: {metric: cpu, target: 70}",
)


CI_OF_ENVIRONMENT = Code(
    "MLC880",
    "CI set in an environment",
    Severity.ERROR,
    why="A pull request is checked once, by one workflow for the whole workspace: it renders every environment and "
    "compares them all.",
    help="set `spec.stack.ci` of the workspace, and remove it from the environment",
    bad="environments: {prod: {stack: {ci: {engine: github}}}}",
    good="stack: {ci: {engine: github}}\nenvironments: {prod: {}}",
)
CI_OF_OTHER_HOST = Code(
    "MLC882",
    "CI engine of another host",
    Severity.WARNING,
    why="GitHub runs `.github/workflows/` and Bitbucket `bitbucket-pipelines.yml`. Each ignores the other's file, so "
    "no pull request would be checked.",
    help="use the engine of the repository's host",
    bad="git: {repository: https://github.com/acme/ml}\nstack: {ci: {engine: bitbucket}}",
    good="git: {repository: https://github.com/acme/ml}\nstack: {ci: {engine: github}}",
)
CI_FILE = Code(
    "MLC884",
    "workspace file that CI cannot find",
    Severity.ERROR,
    why="The rendered workflow runs each verb in the workspace's folder, where a verb looks for `workspace.yaml`.",
    help="rename the file to workspace.yaml",
    bad="# acme.yaml\nstack: {ci: {engine: github}}",
    good="# workspace.yaml\nstack: {ci: {engine: github}}",
)

CODES: tuple[Code, ...] = (
    FEAST_FIELD,
    FEAST_TWO_FIELDS,
    FEATURES_TOO_LARGE,
    UNREPORTED,
    PIPELINE_UNSUPPORTED,
    SERVING_FLAVOR,
    SERVING_TARGET,
    CI_OF_ENVIRONMENT,
    CI_OF_OTHER_HOST,
    CI_FILE,
    *plugins.CODES,
)
