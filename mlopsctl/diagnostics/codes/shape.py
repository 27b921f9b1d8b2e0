"""The codes MLC1xx: unknown keys and invalid values.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNKNOWN_KEY = Code(
    "MLC101",
    "unknown key",
    Severity.ERROR,
    why="Ignoring an unknown key would silently drop a setting. Every level of the language therefore accepts only "
    "its own keys.",
    help="use a valid key, or delete this one",
    bad="sources:\n  payments: {type: parquet, path: p.parquet, cadance: 15m}",
    good="sources:\n  payments: {type: parquet, path: p.parquet, cadence: 15m}",
)
MISSING_KEY = Code(
    "MLC102",
    "missing required key",
    Severity.ERROR,
    why="The section is invalid without this key, and no default suits every system.",
    help="add the key",
    bad="metadata:\n  owner: team-risk",
    good="metadata:\n  name: card-fraud\n  owner: team-risk",
)
WRONG_TYPE = Code(
    "MLC103",
    "wrong type",
    Severity.ERROR,
    why="The key takes a value of another type. YAML 1.2 reads `yes`, `no`, `on` and `off` as text; only `true` and "
    "`false` are booleans.",
    help="use a value of the expected type",
    bad="retrain:\n  onChange: yes",
    good="retrain:\n  onChange: true",
)
UNKNOWN_VARIANT = Code(
    "MLC104",
    "unknown variant",
    Severity.ERROR,
    why="One key selects the form of the mapping (the `type` of a source, the `strategy` of a rollout). With an "
    "unknown value, the other keys cannot be checked.",
    help="use one of the existing variants",
    bad="sources:\n  payments: {type: parquett, path: p.parquet}",
    good="sources:\n  payments: {type: parquet, path: p.parquet}",
)
VALUE_NOT_ALLOWED = Code(
    "MLC105",
    "value not allowed",
    Severity.ERROR,
    why="The value has the right type but is outside the allowed set or range.",
    help="use an allowed value, or one inside the range",
    bad="replicas: {min: -1, max: 4}",
    good="replicas: {min: 1, max: 4}",
)
BAD_DURATION = Code(
    "MLC106",
    "invalid duration",
    Severity.ERROR,
    why="Durations become windows, timeouts and schedules in many tools, each with its own notation. One unambiguous "
    "notation is translated into all of them. Each field has a minimum and a maximum, so that no duration is "
    "truncated to zero or means never.",
    help="write a whole number with a unit: `30s`, `15m`, `2h`, `7d`, `1w`",
    bad="cadence: 15 minutes",
    good="cadence: 15m",
)
BAD_QUANTITY = Code(
    "MLC107",
    "invalid quantity",
    Severity.ERROR,
    why="Requests and limits are Kubernetes quantities; the API server rejects other values after the merge. A "
    "container can have 1m to 1024 cores and 1Mi to 64Ti of memory: `memory: 16` would be 16 bytes.",
    help="write cores as `500m` or `2`, memory as `512Mi` or `4Gi`",
    bad="resources: {cpu: two, memory: 4GB}",
    good='resources: {cpu: "2", memory: 4Gi}',
)
BAD_CRON = Code(
    "MLC108",
    "invalid cron expression",
    Severity.ERROR,
    why="A schedule that a scheduler rejects, or that never matches, starts no run and reports no error.",
    help="write five fields: minute, hour, day of month, month, day of week",
    bad='schedule: {cron: "0 25 * * *", timezone: Etc/UTC}',
    good='schedule: {cron: "0 3 * * *", timezone: Etc/UTC}',
)
BAD_TIME_ZONE = Code(
    "MLC109",
    "unknown time zone",
    Severity.ERROR,
    why="Without a time zone, a schedule runs at different times on different clusters. Names come from the tz "
    "database; abbreviations such as `CET` do not define when clocks change.",
    help="use a tz database name, such as `Europe/Berlin` or `Etc/UTC`",
    bad='schedule: {cron: "0 3 * * *", timezone: Berlin}',
    good='schedule: {cron: "0 3 * * *", timezone: Europe/Berlin}',
)
BAD_IMAGE = Code(
    "MLC110",
    "invalid image reference",
    Severity.ERROR,
    why="The kubelet would reject the image, and the pod would wait with `InvalidImageName`.",
    help="write `registry/repository:tag` in lower case, or `registry/repository@sha256:...`",
    bad="image: ghcr.io/Acme/Fraud:1.4",
    good="image: ghcr.io/acme/fraud:1.4",
)
BAD_PROMQL = Code(
    "MLC111",
    "invalid PromQL expression",
    Severity.ERROR,
    why="Prometheus rejects a whole rule file if one of its rules does not parse, so all other alerts of the system "
    "would be lost too.",
    help="fix the expression; the message shows where PromQL's own parser stops",
    bad="expr: rate(requests_total[5m) > 1",
    good="expr: rate(requests_total[5m]) > 1",
)
BAD_NAME = Code(
    "MLC112",
    "invalid name",
    Severity.ERROR,
    why="Names become names of Kubernetes objects, Python identifiers, labels and files. Each allows different "
    "characters; a name that is valid in all of them is never changed.",
    help="begin with a letter; use lower-case letters, digits and `-` for objects, `_` for fields",
    bad="metadata:\n  name: Card_Fraud",
    good="metadata:\n  name: card-fraud",
)
BAD_PERCENT = Code(
    "MLC113",
    "invalid percentage",
    Severity.ERROR,
    why="`0.999` and `99.9` can both mean the same objective; the percent sign removes the ambiguity.",
    help="write a number from 0 to 100 with a percent sign: `99.9%`",
    bad="objective: 0.999",
    good="objective: 99.9%",
)
UNKNOWN_KIND = Code(
    "MLC114",
    "unknown apiVersion or kind",
    Severity.ERROR,
    why="`apiVersion` and `kind` select the language of the file; without them nothing can be checked.",
    help="write `apiVersion: mlopsctl.dev/v1alpha1` and `kind: MLSystem` or `kind: Workspace`",
    bad="apiVersion: mlopsctl.dev/v1\nkind: MlSystem",
    good="apiVersion: mlopsctl.dev/v1alpha1\nkind: MLSystem",
)
UNKNOWN_VARIABLE = Code(
    "MLC115",
    "undefined variable",
    Severity.ERROR,
    why="`${vars.name}` is replaced by a variable of the workspace's environment. An undefined variable would reach a "
    "running system as text.",
    help="define it under `vars` of every environment, or correct the name",
    bad="path: s3://${vars.bukcet}/card_stats.parquet",
    good="path: s3://${vars.bucket}/card_stats.parquet",
)
UNKNOWN_OVERRIDE = Code(
    "MLC116",
    "override of a path that does not exist",
    Severity.ERROR,
    why="An override changes a value of the spec in one environment. An override of an unknown path is usually a "
    "renamed path, and the environment would run without the override.",
    help="use a path that exists in the spec",
    bad="overrides:\n  dev:\n    serving.endpoints.scorer.replica: {min: 1, max: 1}",
    good="overrides:\n  dev:\n    serving.endpoints.scorer.replicas: {min: 1, max: 1}",
)
UNKNOWN_ENVIRONMENT = Code(
    "MLC117",
    "unknown environment",
    Severity.ERROR,
    why="The workspace defines the environments; without a workspace there is only `local`. Settings of an unknown "
    "environment would never apply.",
    help="use an environment of the workspace, or define it there",
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
