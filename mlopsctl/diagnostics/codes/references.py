"""The codes MLC2xx: names that lead nowhere, and things that nothing uses.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

_WHY = "Stages are tied together by names. A name that names nothing would fail hours later, in a pod's log."


def _undefined(code: str, what: str, bad: str, good: str, mend: str = "") -> Code:
    article = "an" if what[0] in "aeiou" else "a"
    mend = mend or f"name {article} {what} that exists, or define it"
    return Code(code, f"undefined {what}", Severity.ERROR, _WHY, mend, bad, good)


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
    "name a column that the source's contract lists, or add it there",
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
    "An alert without a route reaches nobody.",
    "give alerts.routes the severity, or set it in the workspace's defaults",
    "alerts:\n  drift: {severity: ticket}\n",
    "alerts:\n  drift: {severity: ticket}\n  routes: {ticket: slack/risk-ml}\n",
)
UNDEFINED_SYSTEM = _undefined(
    "MLC211",
    "system",
    "fields: [merchant:risk.score]\n",
    "fields: [merchants:risk.score]\n",
    "name a system of the workspace; a spec without a workspace knows no other system",
)
UNDEFINED_REQUEST_FIELD = _undefined(
    "MLC212",
    "request field",
    "transforms:\n  ratio:\n    inputs: [request.amuont]\n",
    "transforms:\n  ratio:\n    inputs: [request.amount]\n",
    "add the field to the set's `request`, or name one that is there",
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
    "systems that need each other",
    Severity.ERROR,
    "When two systems read each other's features, neither can be changed, applied or rolled back alone.",
    "move the shared view to the system that owns its source, so that names point one way",
    "# a\nsets: {x: {fields: [b:view.f]}}\n# b\nsets: {y: {fields: [a:view.g]}}\n",
    "# b\nsets: {y: {fields: [view.f]}}\n",
)
UNUSED = Code(
    "MLC215",
    "nothing uses this",
    Severity.WARNING,
    "A part that nothing uses is rendered, materialised and paid for, and misleads the next reader.",
    "use it or remove it",
    "entities:\n  card: {key: card_id, type: string}\n  device: {key: device_id, type: string}\n",
    "entities:\n  card: {key: card_id, type: string}\n",
)
REPEATED_SYSTEM = Code(
    "MLC216",
    "two systems of one name",
    Severity.ERROR,
    "Every rendered name derives from the system's name, so two of one name would overwrite each other.",
    "rename one of the two",
    "# a/mlops.yaml\nmetadata: {name: fraud}\n# b/mlops.yaml\nmetadata: {name: fraud}\n",
    "# a/mlops.yaml\nmetadata: {name: card-fraud}\n# b/mlops.yaml\nmetadata: {name: wire-fraud}\n",
)
KEY_CONFLICT = Code(
    "MLC217",
    "one entity, two keys",
    Severity.ERROR,
    "Systems of a workspace share one feature project. An entity of one name, or a key column of one name, must mean "
    "the same in all of them, or features of one card are joined to another.",
    "give the entity the same key and type everywhere, or another name",
    "# a\nentities: {card: {key: card_id, type: string}}\n# b\nentities: {card: {key: card_id, type: int64}}\n",
    "# a\nentities: {card: {key: card_id, type: string}}\n# b\nentities: {card: {key: card_id, type: string}}\n",
)
UNMATCHED = Code(
    "MLC218",
    "a pattern that matches no spec",
    Severity.WARNING,
    "The workspace finds its systems by these patterns, from its own folder. One that matches nothing is mostly a "
    "folder that was moved, and its systems are rendered no more.",
    "write a pattern that matches, or remove it",
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
)
