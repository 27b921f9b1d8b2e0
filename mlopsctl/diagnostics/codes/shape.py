"""The codes MLC1xx: keys and values that the language does not have, or that do not parse.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNKNOWN_KEY = Code(
    "MLC101",
    "a key the language does not have",
    Severity.ERROR,
    why="An unknown key would be dropped in silence, and what you meant by it with it. Every level of the "
    "language is closed for that reason.",
    mend="use one of the keys that belong here, or delete it",
    bad="sources:\n  payments: {type: parquet, path: p.parquet, cadance: 15m}",
    good="sources:\n  payments: {type: parquet, path: p.parquet, cadence: 15m}",
)
MISSING_KEY = Code(
    "MLC102",
    "a key that must be there",
    Severity.ERROR,
    why="The section cannot be built without this key, and there is no default that would be right for everyone.",
    mend="add the key",
    bad="metadata:\n  owner: team-risk",
    good="metadata:\n  name: card-fraud\n  owner: team-risk",
)
WRONG_TYPE = Code(
    "MLC103",
    "a value of the wrong type",
    Severity.ERROR,
    why="The key takes another type of value. YAML 1.2 reads `yes`, `no`, `on` and `off` as text; only "
    "`true` and `false` are truth values.",
    mend="give a value of the type that is asked for",
    bad="retrain:\n  onChange: yes",
    good="retrain:\n  onChange: true",
)
UNKNOWN_VARIANT = Code(
    "MLC104",
    "a variant that does not exist",
    Severity.ERROR,
    why="One key chooses which form the mapping has (the `type` of a source, the `strategy` of a rollout). "
    "With an unknown choice nothing can be said about the keys beside it.",
    mend="choose one of the variants there are",
    bad="sources:\n  payments: {type: parquett, path: p.parquet}",
    good="sources:\n  payments: {type: parquet, path: p.parquet}",
)
VALUE_NOT_ALLOWED = Code(
    "MLC105",
    "a value that is not allowed here",
    Severity.ERROR,
    why="The value has the right type, but lies outside of what the key can mean.",
    mend="give one of the allowed values, or one inside the range",
    bad="replicas: {min: -1, max: 4}",
    good="replicas: {min: 1, max: 4}",
)
BAD_DURATION = Code(
    "MLC106",
    "a duration that does not parse",
    Severity.ERROR,
    why="Durations become windows, timeouts and schedules in many tools, each with a notation of its own. "
    "One notation that has no two readings is translated into all of them.",
    mend="write a whole number with a unit: `30s`, `15m`, `2h`, `7d`, `1w`",
    bad="cadence: 15 minutes",
    good="cadence: 15m",
)
BAD_QUANTITY = Code(
    "MLC107",
    "a quantity that does not parse",
    Severity.ERROR,
    why="Requests and limits are Kubernetes quantities; the API server refuses the rest, after the merge.",
    mend="write cores as `500m` or `2`, memory as `512Mi` or `4Gi`",
    bad="resources: {cpu: two, memory: 4GB}",
    good='resources: {cpu: "2", memory: 4Gi}',
)
BAD_CRON = Code(
    "MLC108",
    "a cron expression that does not parse",
    Severity.ERROR,
    why="A schedule that no scheduler accepts, or that never comes round, would show only by what does not happen.",
    mend="write five fields: minute, hour, day of month, month, day of week",
    bad='schedule: {cron: "0 25 * * *", timezone: Etc/UTC}',
    good='schedule: {cron: "0 3 * * *", timezone: Etc/UTC}',
)
BAD_TIME_ZONE = Code(
    "MLC109",
    "a time zone that does not exist",
    Severity.ERROR,
    why="A schedule without a zone runs at another hour on another cluster. Names come from the tz database; "
    "abbreviations such as `CET` do not say when clocks change.",
    mend="use a name of the tz database, such as `Europe/Berlin` or `Etc/UTC`",
    bad='schedule: {cron: "0 3 * * *", timezone: Berlin}',
    good='schedule: {cron: "0 3 * * *", timezone: Europe/Berlin}',
)
BAD_IMAGE = Code(
    "MLC110",
    "an image reference that does not parse",
    Severity.ERROR,
    why="The kubelet would refuse to pull it, and the pod would wait with `InvalidImageName`.",
    mend="write `registry/repository:tag` in lower case, or `registry/repository@sha256:...`",
    bad="image: ghcr.io/Acme/Fraud:1.4",
    good="image: ghcr.io/acme/fraud:1.4",
)
BAD_PROMQL = Code(
    "MLC111",
    "a PromQL expression that does not parse",
    Severity.ERROR,
    why="One rule that does not parse makes Prometheus refuse the whole file it stands in, and with it every "
    "other alert of the system.",
    mend="mend the expression; PromQL's own parser says where it stops",
    bad="expr: rate(requests_total[5m) > 1",
    good="expr: rate(requests_total[5m]) > 1",
)
BAD_NAME = Code(
    "MLC112",
    "a name that cannot be used",
    Severity.ERROR,
    why="Names become names of Kubernetes objects, Python identifiers, labels and files. Each of them allows "
    "other characters; a name that suits all is never changed on the way.",
    mend="begin with a letter; use lower-case letters, digits and `-` for objects, `_` for fields",
    bad="metadata:\n  name: Card_Fraud",
    good="metadata:\n  name: card-fraud",
)
BAD_PERCENT = Code(
    "MLC113",
    "a percentage that does not parse",
    Severity.ERROR,
    why="`0.999` and `99.9` have both been meant as the same objective; the sign leaves no doubt.",
    mend="write a number from 0 to 100 with a percent sign: `99.9%`",
    bad="objective: 0.999",
    good="objective: 99.9%",
)
UNKNOWN_KIND = Code(
    "MLC114",
    "an apiVersion or kind that does not exist",
    Severity.ERROR,
    why="`apiVersion` and `kind` say in which language the rest is written; nothing can be checked without them.",
    mend="write `apiVersion: mlopsctl.dev/v1alpha1` and `kind: MLSystem` or `kind: Workspace`",
    bad="apiVersion: mlopsctl.dev/v1\nkind: MlSystem",
    good="apiVersion: mlopsctl.dev/v1alpha1\nkind: MLSystem",
)
UNKNOWN_VARIABLE = Code(
    "MLC115",
    "a variable that is not defined",
    Severity.ERROR,
    why="`${vars.name}` is replaced by the variable of the workspace's environment. Left in place it would "
    "reach a running system as text.",
    mend="define it under `vars` of every environment, or correct the name",
    bad="path: s3://${vars.bukcet}/card_stats.parquet",
    good="path: s3://${vars.bucket}/card_stats.parquet",
)
UNKNOWN_OVERRIDE = Code(
    "MLC116",
    "an override of a path that is not there",
    Severity.ERROR,
    why="An override changes something the spec has, in one environment. One that changes nothing is mostly "
    "a path that was renamed, and the environment runs without it.",
    mend="give the path of something the spec holds",
    bad="overrides:\n  dev:\n    serving.endpoints.scorer.replica: {min: 1, max: 1}",
    good="overrides:\n  dev:\n    serving.endpoints.scorer.replicas: {min: 1, max: 1}",
)
UNKNOWN_ENVIRONMENT = Code(
    "MLC117",
    "an environment that does not exist",
    Severity.ERROR,
    why="Environments are defined by the workspace; without one there is only `local`. What is said about "
    "another one would never be used.",
    mend="use an environment of the workspace, or define it there",
    bad="overrides:\n  prd:\n    model.retrain.schedule: null",
    good="overrides:\n  prod:\n    model.retrain.schedule: null",
)

CODES: tuple[Code, ...] = (
    UNKNOWN_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    UNKNOWN_VARIANT,
    VALUE_NOT_ALLOWED,
    BAD_DURATION,
    BAD_QUANTITY,
    BAD_CRON,
    BAD_TIME_ZONE,
    BAD_IMAGE,
    BAD_PROMQL,
    BAD_NAME,
    BAD_PERCENT,
    UNKNOWN_KIND,
    UNKNOWN_VARIABLE,
    UNKNOWN_OVERRIDE,
    UNKNOWN_ENVIRONMENT,
)
