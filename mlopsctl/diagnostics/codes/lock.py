"""The codes MLC930-MLC949: problems that `lock`, `promote` and `set` report.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNKNOWN_PATH = Code(
    "MLC930",
    "unknown path",
    Severity.ERROR,
    "A path is the keys of a spec joined by dots. A path outside the language, or to an object that the spec does not "
    "define, would write a line that nothing reads.",
    "use a key of the spec, or a key that the language allows at this place",
    "mlopsctl set spec.features.views.card_activty.ttl=3h",
    "mlopsctl set spec.features.views.card_activity.ttl=3h",
)
NOT_IN_PLACE = Code(
    "MLC931",
    "file that cannot be edited in place",
    Severity.ERROR,
    "An edit changes only the part of the file that holds the value. If that part also sets another value (an anchor "
    "with its aliases), or the value is spread over the file in an unusual way, it cannot be edited in place.",
    "edit the file by hand, or replace the aliases first",
    "views:\n  activity: {ttl: &day 24h}\n  profile: {ttl: *day}\n",
    "views:\n  activity: {ttl: 24h}\n  profile: {ttl: 24h}\n",
)
IMAGE_UNRESOLVED = Code(
    "MLC932",
    "unresolved image tag",
    Severity.ERROR,
    "The lock holds the digest of a tag from the image's registry. Without the registry's response no entry is "
    "written; other entries of the same run are written, and the exit code reports the missing one.",
    "fix the cause, and run the command again",
    "mlopsctl lock   # and the tag was never pushed",
    "mlopsctl lock   # once the tag is there",
)
MODEL_UNRESOLVED = Code(
    "MLC933",
    "unresolved model",
    Severity.ERROR,
    "The lock holds the model registry's facts about an alias: version, artifact, run, signature and snapshot. "
    "Without a usable response no entry is written; other entries of the same run are written, and the exit code "
    "reports the missing one.",
    "fix the cause, and run the command again",
    "MLFLOW_TRACKING_URI=http://127.0.0.1:5999 mlopsctl lock   # and nothing listens there",
    "mlopsctl lock",
)
NOT_REGISTERED = Code(
    "MLC934",
    "model that is not registered yet",
    Severity.WARNING,
    "The alias has no version. This is normal before the first training run: the images are locked, and the model is "
    "omitted. If the model was requested by name, it is an error.",
    "train the model, then run `mlopsctl lock` again",
    "mlopsctl lock --upgrade card-fraud@champion   # and nothing was ever trained",
    "mlopsctl lock   # after the first run has registered a version",
)
NO_SIGNATURE = Code(
    "MLC935",
    "version without a signature",
    Severity.WARNING,
    "The step `register` records the inputs and outputs of a model. A version registered in another way has no such "
    "record, so mlopsctl cannot check whether it matches the features of an endpoint.",
    "register the version with the step `register`, or make sure that it matches",
    "mlflow.register_model('runs:/7d1e0c5b/model', 'card-fraud')",
    "mlopsctl run systems/card-fraud",
)
NOTHING_TO_PROMOTE = Code(
    "MLC936",
    "nothing to promote",
    Severity.ERROR,
    "Promotion copies the locked versions of one environment to the next. The first environment has not locked these.",
    "run `mlopsctl lock` for the environment to promote from, and use the same images and models in both",
    "mlopsctl promote --from dev --to prod   # and dev has locked nothing",
    "mlopsctl lock --env dev",
)
GATES = Code(
    "MLC937",
    "version that did not pass the gates",
    Severity.ERROR,
    "Every version in an environment has passed its gates. The metrics of a version are recorded at its registration; "
    "a version without that record, or with a value beyond a bound, is not promoted.",
    "train a version that passes, or agree on another gate in the spec",
    "checks: {gates: {roc_auc: {min: 0.8}}}   # and version 42 reached 0.79\n",
    "checks: {gates: {roc_auc: {min: 0.78}}}\n",
)
GATES_NOT_ASKED = Code(
    "MLC938",
    "gates that were not checked",
    Severity.WARNING,
    "With `--offline` the model registry is not queried, so mlopsctl cannot check whether the version passed its "
    "gates.",
    "omit `--offline` if the registry can be reached",
    "mlopsctl promote --from dev --to prod --offline",
    "mlopsctl promote --from dev --to prod",
)
OTHER_REGISTRY = Code(
    "MLC939",
    "version of another registry",
    Severity.WARNING,
    "Each environment has its own model registry. Version numbers and runs are valid only in the registry that they "
    "come from; in another registry they refer to another version, or to none.",
    "use one registry for all environments, or register the artifact in the other one and run `mlopsctl lock` there",
    "dev: {stack: {registry: {engine: mlflow, uri: 'http://mlflow.dev:5000'}}}\n",
    "stack: {registry: {engine: mlflow, uri: 'http://mlflow.mlops:5000'}}\n",
)
EDITED_ENTRY = Code(
    "MLC940",
    "locked version that was edited by hand",
    Severity.ERROR,
    "`lock` writes the registry's facts about a version, and a digest of them. An entry that does not match its "
    "digest did not come from a registry: an edited signature can make a change look safe that breaks the served "
    "version.",
    "run `mlopsctl lock --upgrade MODEL@ALIAS`, which queries the registry again",
    "models: {card-fraud@champion: {version: '41', uri: s3://edited/41, digest: sha256:…}}\n",
    "mlopsctl lock --upgrade card-fraud@champion\n",
)
ALTERED = Code(
    "MLC941",
    "locked version with changed facts",
    Severity.ERROR,
    "A registry numbers each version once: its artifact, run, signature and snapshot never change. Guards compare "
    "served versions by the lock, so an entry that changes these facts for the same version would bypass them. If "
    "the registry itself was changed, `lock` records the previous facts, and this becomes a warning.",
    "run `mlopsctl lock --upgrade MODEL@ALIAS`, which queries the registry again and records the change",
    "# git diff mlops.lock\n#    version: '41'\n# -  inputs: {amount: int64}\n# +  inputs: {amount: float64}\n",
    "mlopsctl lock --upgrade card-fraud@champion\n",
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
    EDITED_ENTRY,
    ALTERED,
)
