"""The codes MLC92x: guards that block risky changes.

One constant per code, and `CODES`. `metadata.accepts` of the spec (or, for deleted objects, of the workspace) accepts a
change with a reason.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

_LIFT = "if the change is intended, accept it with a reason in `metadata.accepts`"

SERVED_CHANGE = Code(
    "MLC920",
    "a served object, or an input of a served model, is removed or changes its type",
    Severity.ERROR,
    "A served version was trained on its current inputs. Without them, requests fail or get wrong answers as soon as "
    "the change is applied. A removed gate no longer rejects what it was defined to reject.",
    f"first serve a version that does not need it; {_LIFT}",
    "# git diff\n# -  fields: [txn_count_1h, amount_avg_7d]\n# +  fields: [amount_avg_7d]\n",
    "metadata:\n  name: card-fraud\n  accepts: {MLC920: the endpoint is switched off since May}\n",
)
SILENT_DELETION = Code(
    "MLC921",
    "feature view that Feast would delete silently",
    Severity.ERROR,
    "`feast apply` deletes objects that are not in the repository, with their rows in the online store, and prints "
    "nothing that a reviewer sees. A renamed view comes back empty.",
    f"set `renamedFrom` of the new view to the old name; {_LIFT}",
    "# git diff\n# -  views: {card_activity: {...}}\n",
    "views: {card_use: {renamedFrom: card_activity, entity: card, source: stats, ttl: 2h, fields: [amount]}}\n",
)
IMMUTABLE = Code(
    "MLC922",
    "immutable field",
    Severity.ERROR,
    "Kubernetes rejects a change of this field on an existing object, so the sync fails after the merge, and the rest "
    "of the sync is not applied either.",
    f"give the object another name, or delete it first; {_LIFT}",
    "# git diff\n# -  roleRef: {kind: Role, name: train}\n# +  roleRef: {kind: Role, name: monitor}\n",
    "metadata:\n  name: payments\n  accepts: {MLC922: the old dashboard is deleted by hand before the merge}\n",
)
ENVIRONMENT_MOVED = Code(
    "MLC923",
    "environment that moves",
    Severity.ERROR,
    "In another cluster or namespace everything is created again, and the same sync prunes the objects in the old "
    "place, whether or not the new ones are ready.",
    f"add the new target as a separate environment, and remove the old one when it no longer serves; {_LIFT}",
    "# git diff\n# -  namespace: ml-prod\n# +  namespace: ml\n",
    "environments: {prod: {namespace: ml-prod}, prod-2: {namespace: ml}}\n",
)
IDLE = Code(
    "MLC924",
    "unused entry in metadata.accepts",
    Severity.NOTE,
    "`metadata.accepts` is meant for one change. If the entry stays, it also accepts the next change, which nobody "
    "has reviewed.",
    "remove the line",
    "metadata:\n  name: card-fraud\n  accepts: {MLC920: was meant last year}\n",
    "metadata: {name: card-fraud}\n",
)

CODES: tuple[Code, ...] = (SERVED_CHANGE, SILENT_DELETION, IMMUTABLE, ENVIRONMENT_MOVED, IDLE)
