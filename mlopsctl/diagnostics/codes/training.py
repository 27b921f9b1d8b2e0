"""The codes MLC4xx: types, leakage, gates and checks.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

TYPE_MISMATCH = Code(
    "MLC401",
    "a type that the column does not have",
    Severity.ERROR,
    "The feature store casts nothing: a feature declared with another type than its column fails when it "
    "is materialised.",
    "give the feature the column's type, or leave the type out: it is taken from the column",
    "columns: {count: {type: int64}}\nviews: {activity: {fields: {count: string}}}\n",
    "columns: {count: {type: int64}}\nviews: {activity: {fields: [count]}}\n",
)
KEY_MISSING = Code(
    "MLC402",
    "rows without the entity's key",
    Severity.ERROR,
    "Rows are found by the entity's key. A source whose columns do not list the key cannot be joined.",
    "list the key among the source's columns, with the entity's type",
    "entities: {card: {key: card_id, type: string}}\nsources: {stats: {columns: {amount: {type: float64}}}}\n",
    "sources: {stats: {columns: {card_id: {type: string}, amount: {type: float64}}}}\n",
)
JOIN_KEY_UNLISTED = Code(
    "MLC403",
    "labelled rows without a key to look up by",
    Severity.WARNING,
    "In training each labelled row is joined with its features by entity key. When the label's source "
    "does not list the "
    "key among its columns, nothing says that its rows have it.",
    "list the key among the columns of the label's source",
    "sets: {inputs: {fields: [merchants:risk.score]}}  # by merchant_id, which payments does not list\n",
    "sources: {payments: {columns: {merchant_id: {type: string}}}}\n",
)
REQUEST_UNLISTED = Code(
    "MLC404",
    "a request field that training cannot see",
    Severity.ERROR,
    "A request field is known only when the request comes. In training its values are the label source's column of the "
    "same name; without that column, or with another type, the model would be trained on something else.",
    "add the column to the label's source with the same type, or take the field out of the request",
    "sets: {inputs: {request: {country: string}}}  # payments has no column `country`\n",
    "sources: {payments: {columns: {country: {type: string}}}}\n",
)
LABEL_AS_FEATURE = Code(
    "MLC405",
    "the label is among the features",
    Severity.ERROR,
    "A model that is given the answer learns to repeat it: perfect in evaluation, useless in production, "
    "where the answer "
    "is not known yet.",
    "take the label, and what is computed from it, out of the set",
    "labels: {fraud: {source: payments, column: is_fraud}}\nsets: {inputs: {request: {is_fraud: bool}}}\n",
    "sets: {inputs: {request: {amount: float64}}}\n",
)
FUTURE_FEATURE = Code(
    "MLC406",
    "a feature from the label's own rows",
    Severity.ERROR,
    "A view that reads the label's own source has a row at the very moment of the label: the join finds "
    "the row that is to "
    "be predicted, with values written after the event. Online it would find the row before.",
    "read request fields from the label's rows, or build the view from a source whose rows end before the event",
    "labels: {fraud: {source: payments, column: is_fraud}}\nviews: {last_payment: {source: payments}}\n",
    "views: {card_activity: {source: card_stats}}\n",
)
GATE_UNKNOWN = Code(
    "MLC407",
    "a metric that the task does not have",
    Severity.ERROR,
    "A gate on a metric that evaluation does not compute would never hold or never fail.",
    "name a metric of the task; the finding lists the usual ones",
    "model: {task: regression}\ngates: {roc_auc: {min: 0.8}}\n",
    "model: {task: regression}\ngates: {mae: {max: 4.5}}\n",
)
GATE_DIRECTION = Code(
    "MLC408",
    "a bound on the wrong side",
    Severity.ERROR,
    "A lower bound on a metric that is better when lower lets every bad model pass and stops the good ones.",
    "use `max` for errors and losses, `min` for scores",
    "gates: {log_loss: {min: 0.3}}\n",
    "gates: {log_loss: {max: 0.3}}\n",
)
DROP_WITHOUT_SERVED = Code(
    "MLC409",
    "nothing to drop from",
    Severity.WARNING,
    "maxDrop compares with the model that is served now. Before the first version is locked there is "
    "none, so this bound "
    "holds for the first run whatever it brings.",
    "once a version is registered, run `mlopsctl lock`; give `min` or `max` as well, so that the first run is held too",
    "gates: {roc_auc: {maxDrop: 0.01}}  # mlops.lock names no served version\n",
    "gates: {roc_auc: {min: 0.8, maxDrop: 0.01}}\n",
)
GATE_WITHOUT_STEP = Code(
    "MLC410",
    "a check that no step computes",
    Severity.ERROR,
    "Gates, model checks and live monitors are computed by the training and monitoring pipelines. "
    "Without what they look "
    "at, no step ever computes them, and nothing would be held.",
    "add what is missing, or remove the check",
    "spec: {checks: {gates: {roc_auc: {min: 0.8}}}}  # and no model\n",
    "spec: {model: {task: binary-classification}, checks: {gates: {roc_auc: {min: 0.8}}}}\n",
)
CHECK_UNKNOWN = Code(
    "MLC411",
    "a check that the engine does not have",
    Severity.ERROR,
    "Suites and checks are the engine's own, by their real names, parameters and conditions. An unknown "
    "one fails the step "
    "when the data have been read and the model has been trained.",
    "use the engine's name; the finding says which comes near",
    "checks: {data: {suite: data_integrty}}\n",
    "checks: {data: {suite: data_integrity}}\n",
)
CHECK_STAGE = Code(
    "MLC412",
    "a check at a stage that lacks what it needs",
    Severity.ERROR,
    "A check of the model cannot run before there is a model, a comparison of two datasets not on one.",
    "move the check to the stage that has what it needs: data, split or model",
    "checks: {data: {suite: model_evaluation}}\n",
    "checks: {model: {suite: model_evaluation}}\n",
)
CHECK_TASK = Code(
    "MLC413",
    "a check that does not work for the task",
    Severity.WARNING,
    "Some checks of the engine's tested version fail for a task. They are reported as not run, never as passed.",
    "remove the check, or use one that works for the task",
    "model: {task: regression}\nchecks: {model: {checks: {WeakSegmentsPerformance: {}}}}\n",
    "model: {task: regression}\nchecks: {model: {checks: {RegressionErrorDistribution: {}}}}\n",
)
LABEL_TYPE = Code(
    "MLC414",
    "a label that does not fit the task",
    Severity.ERROR,
    "A regression learns a number, a classification a class.",
    "choose the task that fits the label's column, or another column",
    "model: {task: regression}\nlabels: {outcome: {column: outcome}}  # a string\n",
    "model: {task: multiclass-classification}\n",
)
DRIFT_WITHOUT_METHOD = Code(
    "MLC415",
    "a drift method that the engine does not have",
    Severity.ERROR,
    "Drift is computed by the check engine; a method it does not know cannot be measured.",
    "use a method of the engine",
    "drift: {numerical: {method: psi, max: 0.2}}\n",
    "drift: {numerical: {method: ks, max: 0.2}}\n",
)

CODES: tuple[Code, ...] = (
    TYPE_MISMATCH,
    KEY_MISSING,
    JOIN_KEY_UNLISTED,
    REQUEST_UNLISTED,
    LABEL_AS_FEATURE,
    FUTURE_FEATURE,
    GATE_UNKNOWN,
    GATE_DIRECTION,
    DROP_WITHOUT_SERVED,
    GATE_WITHOUT_STEP,
    CHECK_UNKNOWN,
    CHECK_STAGE,
    CHECK_TASK,
    LABEL_TYPE,
    DRIFT_WITHOUT_METHOD,
)
