"""The codes MLC2xx: undefined references and unused definitions.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

_REASON = "Stages refer to each other by name. An undefined name would fail hours later, in the log of a pod."


def _undefined(code: str, noun: str, bad: str, good: str, fix: str = "") -> Code:
    article = "an" if noun[0] in "aeiou" else "a"
    fix = fix or f"use {article} {noun} that exists, or define it"
    return Code(code, f"undefined {noun}", Severity.ERROR, _REASON, fix, bad, good)


UNDEFINED_ENTITY = _undefined(
    "MLC201",
    "entity",
    "views:\n  card_activity:\n    entity: crad\n",
    "views:\n  card_activity:\n    entity: card\n",
)
UNDEFINED_SOURCE = _undefined(
    "MLC202",
    "source",
    "views:\n  card_activity:\n    source: card_stat\n",
    "views:\n  card_activity:\n    source: card_stats\n",
)
UNDEFINED_VIEW = _undefined(
    "MLC203",
    "view or transform",
    "sets:\n  inputs:\n    fields: [card_activty.amount]\n",
    "sets:\n  inputs:\n    fields: [card_activity.amount]\n",
)
UNDEFINED_FIELD = _undefined(
    "MLC204",
    "field",
    "sets:\n  inputs:\n    fields: [card_activity.amuont]\n",
    "sets:\n  inputs:\n    fields: [card_activity.amount]\n",
)
UNDEFINED_SET = _undefined("MLC205", "feature set", "model:\n  features: inputz\n", "model:\n  features: inputs\n")
UNDEFINED_LABEL = _undefined("MLC206", "label", "model:\n  label: is_frud\n", "model:\n  label: is_fraud\n")
UNDEFINED_COLUMN = _undefined(
    "MLC207",
    "column",
    "labels:\n  is_fraud: {source: payments, column: isfraud}\n",
    "labels:\n  is_fraud: {source: payments, column: is_fraud}\n",
    "use a column of the source's contract, or add it there",
)
UNDEFINED_ENDPOINT = _undefined(
    "MLC208",
    "endpoint",
    "slos:\n  availability: {endpoint: scorr, objective: 99.9%, window: 30d}\n",
    "slos:\n  availability: {endpoint: scorer, objective: 99.9%, window: 30d}\n",
)
UNDEFINED_SLO = _undefined(
    "MLC209",
    "objective",
    "rollout: {strategy: canary, steps: [10, 100], pause: 30m, abortOn: [avail]}\n",
    "rollout: {strategy: canary, steps: [10, 100], pause: 30m, abortOn: [availability]}\n",
)
UNDEFINED_ROUTE = Code(
    "MLC210",
    "no route for a severity",
    Severity.WARNING,
    "An alert without a route notifies nobody.",
    "set the severity in alerts.routes, or in the workspace's defaults",
    "alerts:\n  drift: {severity: ticket}\n",
    "alerts:\n  drift: {severity: ticket}\n  routes: {ticket: slack/risk-ml}\n",
)
UNDEFINED_SYSTEM = _undefined(
    "MLC211",
    "system",
    "fields: [merchant:risk.score]\n",
    "fields: [merchants:risk.score]\n",
    "use a system of the workspace; a spec without a workspace can refer to no other system",
)
UNDEFINED_REQUEST_FIELD = _undefined(
    "MLC212",
    "request field",
    "transforms:\n  ratio:\n    inputs: [request.amuont]\n",
    "transforms:\n  ratio:\n    inputs: [request.amount]\n",
    "add the field to the set's `request`, or use one of its fields",
)
UNDEFINED_ALIAS = _undefined(
    "MLC213",
    "model alias",
    "endpoints:\n  scorer: {model: champoin}\n",
    "endpoints:\n  scorer: {model: champion}\n",
    "serve the alias that model.registry.alias moves",
)
SYSTEM_CYCLE = Code(
    "MLC214",
    "circular dependency between systems",
    Severity.ERROR,
    "Two systems that read each other's features cannot be changed, applied or rolled back independently.",
    "move the shared view to the system that owns its source, so that references go in one direction",
    "# a\nsets: {x: {fields: [b:view.f]}}\n# b\nsets: {y: {fields: [a:view.g]}}\n",
    "# b\nsets: {y: {fields: [view.f]}}\n",
)
COLUMN_CONTRACT = Code(
    "MLC219",
    "column contract that values cannot satisfy",
    Severity.ERROR,
    "Bounds apply to numbers, and `values` lists values of the column's type. With any other contract, every row "
    "fails or nothing is checked.",
    "write bounds and values in the column's type, with `min` not above `max`",
    "columns: {visits: {type: int64, min: 5, max: 3}}\n",
    "columns: {visits: {type: int64, min: 3, max: 5}}\n",
)
UNCHECKED = Code(
    "MLC220",
    "contract that is never checked",
    Severity.WARNING,
    "Contracts are checked on the rows of a training set: its features, request fields, keys and label. View columns "
    "that only a transform reads, and columns that nothing reads, are in no training set.",
    "remove the contract, add the field to the set, or check the column where its rows are written",
    "columns: {visits: {type: int64, min: 0}}  # in no set\n",
    "columns: {visits: {type: int64}}\n",
)
DEFAULT_GPU = Code(
    "MLC221",
    "default GPU that nothing requests",
    Severity.WARNING,
    "A GPU is requested for training or for an endpoint, by name. As a default it would be requested by every step, "
    "also by those that only move rows, so it is requested by none.",
    "move it to `model.resources`, or to the endpoint's `resources`",
    "defaults: {resources: {cpu: '1', gpu: {count: 1}}}\n",
    "model: {resources: {gpu: {count: 1}}}\n",
)
UNUSED = Code(
    "MLC215",
    "unused definition",
    Severity.WARNING,
    "An unused definition is still rendered, materialised and paid for, and misleads readers.",
    "use it or remove it",
    "entities:\n  card: {key: card_id, type: string}\n  device: {key: device_id, type: string}\n",
    "entities:\n  card: {key: card_id, type: string}\n",
)
REPEATED_SYSTEM = Code(
    "MLC216",
    "duplicate system name",
    Severity.ERROR,
    "Every rendered name derives from the system's name, so two systems with the same name would overwrite each other.",
    "rename one of the two",
    "# a/mlops.yaml\nmetadata: {name: fraud}\n# b/mlops.yaml\nmetadata: {name: fraud}\n",
    "# a/mlops.yaml\nmetadata: {name: card-fraud}\n# b/mlops.yaml\nmetadata: {name: wire-fraud}\n",
)
KEY_CONFLICT = Code(
    "MLC217",
    "conflicting keys of an entity",
    Severity.ERROR,
    "Systems of a workspace share one feature project. An entity or key column must mean the same in all systems that "
    "use its name; otherwise features are joined to the wrong rows.",
    "give the entity the same key and type everywhere, or another name",
    "# a\nentities: {card: {key: card_id, type: string}}\n# b\nentities: {card: {key: card_id, type: int64}}\n",
    "# a\nentities: {card: {key: card_id, type: string}}\n# b\nentities: {card: {key: card_id, type: string}}\n",
)
UNMATCHED = Code(
    "MLC218",
    "pattern that matches no spec",
    Severity.WARNING,
    "The workspace finds its systems by these patterns, relative to its own folder. A pattern that matches nothing "
    "usually refers to a folder that was moved, and its systems are no longer rendered.",
    "use a pattern that matches, or remove it",
    "spec: {systems: [system/*/mlops.yaml]}\n",
    "spec: {systems: [systems/*/mlops.yaml]}\n",
)

CODES: tuple[Code, ...] = (
    UNDEFINED_ENTITY,
    UNDEFINED_SOURCE,
    UNDEFINED_VIEW,
    UNDEFINED_FIELD,
    UNDEFINED_SET,
    UNDEFINED_LABEL,
    UNDEFINED_COLUMN,
    UNDEFINED_ENDPOINT,
    UNDEFINED_SLO,
    UNDEFINED_ROUTE,
    UNDEFINED_SYSTEM,
    UNDEFINED_REQUEST_FIELD,
    UNDEFINED_ALIAS,
    SYSTEM_CYCLE,
    UNUSED,
    REPEATED_SYSTEM,
    KEY_CONFLICT,
    UNMATCHED,
    COLUMN_CONTRACT,
    UNCHECKED,
    DEFAULT_GPU,
)
