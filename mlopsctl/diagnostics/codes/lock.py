"""The codes MLC930-MLC949: what `lock`, `promote` and `set` find when they look outside, or edit.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNKNOWN_PATH = Code(
    "MLC930",
    "a path that leads nowhere",
    Severity.ERROR,
    "A path is the keys of a spec with dots between them. One that leaves the language, or names a thing that the "
    "spec does not define, would write a line that nobody reads.",
    "name a key that is there, or one that the language has at this place",
    "mlopsctl set spec.features.views.card_activty.ttl=3h",
    "mlopsctl set spec.features.views.card_activity.ttl=3h",
)
NOT_IN_PLACE = Code(
    "MLC931",
    "a file that cannot be edited in place",
    Severity.ERROR,
    "An edit changes the stretch of the file that holds the value, and nothing else. Where that stretch also stands "
    "for another value (an anchor with its aliases), or the value is spread over the file in an unusual way, there is"
    " no such stretch.",
    "edit the file by hand, or write the aliases out first",
    "views:\n  activity: {ttl: &day 24h}\n  profile: {ttl: *day}\n",
    "views:\n  activity: {ttl: 24h}\n  profile: {ttl: 24h}\n",
)
IMAGE_UNRESOLVED = Code(
    "MLC932",
    "a tag that nobody could resolve",
    Severity.ERROR,
    "The lock holds the digest that the image's registry gives for a tag. Without the registry's answer there is "
    "nothing to write, and nothing is written of what else was asked in the same run.",
    "mend what stands in the way, and run the command again",
    "mlopsctl lock   # and the tag was never pushed",
    "mlopsctl lock   # once the tag is there",
)
MODEL_UNRESOLVED = Code(
    "MLC933",
    "a model that nobody could resolve",
    Severity.ERROR,
    "The lock holds what the model registry says of an alias: version, artifact, run, signature and snapshot. Without"
    " its answer, or with one that cannot be used, nothing is written.",
    "mend what stands in the way, and run the command again",
    "MLFLOW_TRACKING_URI=http://127.0.0.1:5999 mlopsctl lock   # and nothing listens there",
    "mlopsctl lock",
)
NOT_REGISTERED = Code(
    "MLC934",
    "a model that is not registered yet",
    Severity.WARNING,
    "No version stands under the alias. Before the first training run that is how it should be: its images are "
    "locked, and the model is left out. Asked for by name, it is an error.",
    "train the model, then run `mlopsctl lock` again",
    "mlopsctl lock --upgrade card-fraud@champion   # and nothing was ever trained",
    "mlopsctl lock   # after the first run has registered a version",
)
NO_SIGNATURE = Code(
    "MLC935",
    "a version without a signature",
    Severity.WARNING,
    "The step `register` records what a model takes and gives. A version that was registered by other means has no "
    "such record, and whether it fits the features that an endpoint hands it cannot be checked.",
    "register the version with the step `register`, or be sure that it fits",
    "mlflow.register_model('runs:/7d1e0c5b/model', 'card-fraud')",
    "mlopsctl run systems/card-fraud",
)
NOTHING_TO_PROMOTE = Code(
    "MLC936",
    "nothing to promote",
    Severity.ERROR,
    "Promotion moves what one environment has locked to the next. What the first has not locked cannot be moved.",
    "run `mlopsctl lock` for the environment that is promoted from, and let both name the same images and models",
    "mlopsctl promote --from dev --to prod   # and dev has locked nothing",
    "mlopsctl lock --env dev",
)
GATES = Code(
    "MLC937",
    "a version that did not pass the gates",
    Severity.ERROR,
    "What an environment runs has passed its gates. The values that a version reached are recorded when it is "
    "registered; one without a record, or with a value beyond a bound, is not promoted.",
    "train a version that passes, or agree on another gate in the spec",
    "checks: {gates: {roc_auc: {min: 0.8}}}   # and version 42 reached 0.79\n",
    "checks: {gates: {roc_auc: {min: 0.78}}}\n",
)
GATES_NOT_ASKED = Code(
    "MLC938",
    "gates that were not looked at",
    Severity.WARNING,
    "With `--offline` the model registry is not asked, and nothing here knows whether the version passed its gates.",
    "leave `--offline` out where the registry can be reached",
    "mlopsctl promote --from dev --to prod --offline",
    "mlopsctl promote --from dev --to prod",
)
OTHER_REGISTRY = Code(
    "MLC939",
    "a version of another registry",
    Severity.WARNING,
    "Each environment has a model registry of its own. The number of a version, and the run that made it, mean "
    "something in the registry they come from; in the other one they are another version, or none.",
    "use one registry for all environments, or register the artifact in the other one and run `mlopsctl lock` there",
    "dev: {stack: {registry: {engine: mlflow, uri: 'http://mlflow.dev:5000'}}}\n",
    "stack: {registry: {engine: mlflow, uri: 'http://mlflow.mlops:5000'}}\n",
)

CODES: tuple[Code, ...] = (
    UNKNOWN_PATH,
    NOT_IN_PLACE,
    IMAGE_UNRESOLVED,
    MODEL_UNRESOLVED,
    NOT_REGISTERED,
    NO_SIGNATURE,
    NOTHING_TO_PROMOTE,
    GATES,
    GATES_NOT_ASKED,
    OTHER_REGISTRY,
)
