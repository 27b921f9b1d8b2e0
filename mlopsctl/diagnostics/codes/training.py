"""The codes MLC4xx: types, leakage, gates and checks.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

TYPE_MISMATCH = Code(
    "MLC401",
    "type that differs from the column",
    Severity.ERROR,
    "The feature store does not cast: a feature with a different type than its column fails when it is materialised.",
    "give the feature the column's type, or omit the type to take it from the column",
    "columns: {count: {type: int64}}\nviews: {activity: {fields: {count: string}}}\n",
    "columns: {count: {type: int64}}\nviews: {activity: {fields: [count]}}\n",
)
KEY_MISSING = Code(
    "MLC402",
    "source without the entity's key",
    Severity.ERROR,
    "Rows are looked up by the entity's key. A source whose columns do not list the key cannot be joined.",
    "list the key among the source's columns, with the entity's type",
    "entities: {card: {key: card_id, type: string}}\nsources: {stats: {columns: {amount: {type: float64}}}}\n",
    "sources: {stats: {columns: {card_id: {type: string}, amount: {type: float64}}}}\n",
)
JOIN_KEY_UNLISTED = Code(
    "MLC403",
    "labelled rows without a join key",
    Severity.WARNING,
    "In training, each labelled row is joined with its features by entity key. If the label's source does not list "
    "the key among its columns, its rows may not have it.",
    "list the key among the columns of the label's source",
    "sets: {inputs: {fields: [merchants:risk.score]}}  # by merchant_id, which payments does not list\n",
    "sources: {payments: {columns: {merchant_id: {type: string}}}}\n",
)
REQUEST_UNLISTED = Code(
    "MLC404",
    "request field without a training column",
    Severity.ERROR,
    "A request field is known only at request time. In training, its values come from the column of the same name in "
    "the label's source; without that column, or with another type, the model would be trained on something else.",
    "add the column to the label's source with the same type, or take the field out of the request",
    "sets: {inputs: {request: {country: string}}}  # payments has no column `country`\n",
    "sources: {payments: {columns: {country: {type: string}}}}\n",
)
LABEL_AS_FEATURE = Code(
    "MLC405",
    "label among the features",
    Severity.ERROR,
    "A model that receives the label as input learns to repeat it: it is perfect in evaluation and useless in "
    "production, where the label is not known yet.",
    "remove the label, and everything computed from it, from the set",
    "labels: {fraud: {source: payments, column: is_fraud}}\nsets: {inputs: {request: {is_fraud: bool}}}\n",
    "sets: {inputs: {request: {amount: float64}}}\n",
)
FUTURE_FEATURE = Code(
    "MLC406",
    "feature from the label's own rows",
    Severity.ERROR,
    "A view of the label's own source has a row at the time of the label: the join finds the row to be predicted, "
    "with values written after the event. Online it would find the row before.",
    "read request fields from the label's rows, or build the view from a source whose rows end before the event",
    "labels: {fraud: {source: payments, column: is_fraud}}\nviews: {last_payment: {source: payments}}\n",
    "views: {card_activity: {source: card_stats}}\n",
)
GATE_UNKNOWN = Code(
    "MLC407",
    "metric that the task does not have",
    Severity.ERROR,
    "Evaluation does not compute the metric, so a gate on it would never pass or never fail.",
    "use a metric of the task; the message lists the usual ones",
    "model: {task: regression}\ngates: {roc_auc: {min: 0.8}}\n",
    "model: {task: regression}\ngates: {mae: {max: 4.5}}\n",
)
GATE_DIRECTION = Code(
    "MLC408",
    "bound on the wrong side",
    Severity.ERROR,
    "A lower bound on a metric where lower is better passes every bad model and rejects the good ones.",
    "use `max` for errors and losses, `min` for scores",
    "gates: {log_loss: {min: 0.3}}\n",
    "gates: {log_loss: {max: 0.3}}\n",
)
DROP_WITHOUT_SERVED = Code(
    "MLC409",
    "maxDrop without a served version",
    Severity.WARNING,
    "maxDrop compares with the served model. Before the first version is locked there is none, so this bound passes "
    "for the first run in any case.",
    "run `mlopsctl lock` once a version is registered; also set `min` or `max`, so that the first run is gated too",
    "gates: {roc_auc: {maxDrop: 0.01}}  # mlops.lock names no served version\n",
    "gates: {roc_auc: {min: 0.8, maxDrop: 0.01}}\n",
)
GATE_WITHOUT_STEP = Code(
    "MLC410",
    "check that no step computes",
    Severity.ERROR,
    "The training and monitoring pipelines compute gates, model checks and live monitors. Without the sections that "
    "these need, no step computes them and nothing is checked.",
    "add the missing section, or remove the check",
    "spec: {checks: {gates: {roc_auc: {min: 0.8}}}}  # and no model\n",
    "spec: {model: {task: binary-classification}, checks: {gates: {roc_auc: {min: 0.8}}}}\n",
)
CHECK_UNKNOWN = Code(
    "MLC411",
    "unknown check",
    Severity.ERROR,
    "Suites and checks are the engine's own, with their real names, parameters and conditions. An unknown name fails "
    "the step after the data was read and the model was trained.",
    "use the engine's name; the message suggests a similar one",
    "checks: {data: {suite: data_integrty}}\n",
    "checks: {data: {suite: data_integrity}}\n",
)
CHECK_STAGE = Code(
    "MLC412",
    "check at the wrong stage",
    Severity.ERROR,
    "A model check cannot run before there is a model, and a comparison of two data sets cannot run on one.",
    "move the check to the stage that has its inputs: data, split or model",
    "checks: {data: {suite: model_evaluation}}\n",
    "checks: {model: {suite: model_evaluation}}\n",
)
CHECK_TASK = Code(
    "MLC413",
    "check that fails for the task",
    Severity.WARNING,
    "In the tested version of the engine, some checks fail for a task. They are reported as not run, never as passed.",
    "remove the check, or use one that works for the task",
    "model: {task: regression}\nchecks: {model: {checks: {WeakSegmentsPerformance: {}}}}\n",
    "model: {task: regression}\nchecks: {model: {checks: {RegressionErrorDistribution: {}}}}\n",
)
LABEL_TYPE = Code(
    "MLC414",
    "label that does not match the task",
    Severity.ERROR,
    "A regression predicts a number, a classification a class.",
    "choose the task that matches the label's column, or another column",
    "model: {task: regression}\nlabels: {outcome: {column: outcome}}  # a string\n",
    "model: {task: multiclass-classification}\n",
)
DRIFT_WITHOUT_METHOD = Code(
    "MLC415",
    "unsupported drift method",
    Severity.ERROR,
    "The check engine computes drift and does not support this method.",
    "use a method of the engine",
    "drift: {numerical: {method: psi, max: 0.2}}\n",
    "drift: {numerical: {method: ks, max: 0.2}}\n",
)
TEXT_INPUT = Code(
    "MLC430",
    "input type that the model's library does not accept",
    Severity.ERROR,
    "The estimators of XGBoost and LightGBM accept numbers and booleans. Training on a text or a time would fail, or "
    "serving would use other values than training.",
    "convert it to a number in a transform, or choose a flavor that accepts it",
    "model: {flavor: xgboost}\nsets: {inputs: {request: {country: string}}}\n",
    "sets: {inputs: {fields: [encoded.country_code], request: {country: string}, transformOnly: [country]}}\n",
)
REQUEST_UNUSED = Code(
    "MLC431",
    "unused request field",
    Severity.ERROR,
    "The model does not receive fields of `transformOnly`. If no transform of the set reads the field either, every "
    "client would have to send an unused value.",
    "read it in a transform of the set, or remove it from the request",
    "sets: {inputs: {request: {country: string}, transformOnly: [country]}}  # no transform reads request.country\n",
    "transforms: {encoded: {inputs: [request.country]}}\n",
)
REQUEST_NULLABLE = Code(
    "MLC432",
    "request field that can be missing only in serving",
    Severity.ERROR,
    "Missing values are treated alike in training, `predict` and serving. If a column is never missing in training, "
    "the model has never seen a row without it.",
    "make the column nullable, or remove the field from `nullable`",
    "columns: {plan: {type: string, nullable: false}}\nsets: {inputs: {request: {plan: string}, nullable: [plan]}}\n",
    "columns: {plan: {type: string}}\nsets: {inputs: {request: {plan: string}, nullable: [plan]}}\n",
)
DEFAULT_ANSWER = Code(
    "MLC433",
    "invalid default answer",
    Severity.ERROR,
    "`unknownEntity: default` answers rows without stored features with `defaultAnswer`, which is required and must "
    "have the type of the model's answers.",
    "set both; `defaultAnswer` is a number, or one of the classes of a multiclass model",
    "sets: {inputs: {unknownEntity: default}}\n",
    "sets: {inputs: {unknownEntity: default, defaultAnswer: 0.02}}\n",
)
BOUND_OUT_OF_RANGE = Code(
    "MLC416",
    "bound outside the range of the metric",
    Severity.ERROR,
    "A metric has a minimum and a maximum. A bound outside that range rejects every model, or none: a `roc_auc` of 70 "
    "should be 0.70, and a drift score of `ks` never exceeds 1.",
    "write the bound in the unit of the metric, inside its range",
    "gates: {roc_auc: {min: 70}}\n",
    "gates: {roc_auc: {min: 0.7}}\n",
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
    BOUND_OUT_OF_RANGE,
    TEXT_INPUT,
    REQUEST_UNUSED,
    REQUEST_NULLABLE,
    DEFAULT_ANSWER,
)
