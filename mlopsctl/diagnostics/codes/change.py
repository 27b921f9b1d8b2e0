"""The codes MLC92x: what a change must not do unless somebody means it.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding. Each can be lifted where the spec (or, for
what is gone, the workspace) says in `metadata.accepts` that it is meant, and why.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

_LIFT = "if it is meant, say so with a reason in `metadata.accepts`"

USED = Code(
    "MLC920",
    "something that is served, or that a served model uses, is taken away or becomes another type",
    Severity.ERROR,
    "A version that serves was trained on what it is handed today. Without it, requests fail, or are answered from "
    "nothing, from the moment the change is applied; a gate that is gone lets through what it was there to stop.",
    f"serve a version first that does without it; {_LIFT}",
    "# git diff\n# -  fields: [txn_count_1h, amount_avg_7d]\n# +  fields: [amount_avg_7d]\n",
    "metadata:\n  name: card-fraud\n  accepts: {MLC920: the endpoint is switched off since May}\n",
)
SILENT = Code(
    "MLC921",
    "a feature view that Feast would delete without a word",
    Severity.ERROR,
    "`feast apply` deletes what it does not find in the repository, with the rows in the online store, and says "
    "nothing that a reviewer sees. A view that was renamed comes back empty.",
    f"name the old one in the new view's `renamedFrom`; {_LIFT}",
    "# git diff\n# -  views: {card_activity: {...}}\n",
    "views: {card_use: {renamedFrom: card_activity, entity: card, source: stats, ttl: 2h, fields: [amount]}}\n",
)
IMMUTABLE = Code(
    "MLC922",
    "a field that a live object cannot change",
    Severity.ERROR,
    "Kubernetes refuses to change this field of an object that exists, so the sync fails after the merge, and what "
    "else is in it is not applied either.",
    f"give the object another name, or delete it first; {_LIFT}",
    "# git diff\n# -  roleRef: {kind: Role, name: train}\n# +  roleRef: {kind: Role, name: monitor}\n",
    "metadata:\n  name: payments\n  accepts: {MLC922: the old dashboard is deleted by hand before the merge}\n",
)
MOVED = Code(
    "MLC923",
    "an environment that moves",
    Severity.ERROR,
    "Another cluster or namespace is another place: everything is made anew there, and what serves in the old one is "
    "pruned in the same sync, whether or not the new one answers yet.",
    f"add the new place as an environment of its own, and remove the old one when it serves no more; {_LIFT}",
    "# git diff\n# -  namespace: ml-prod\n# +  namespace: ml\n",
    "environments: {prod: {namespace: ml-prod}, prod-2: {namespace: ml}}\n",
)
IDLE = Code(
    "MLC924",
    "a guard is lifted, and nothing needs it",
    Severity.NOTE,
    "`metadata.accepts` lets one change pass. Left behind, it lets the next one pass too, which nobody has looked at.",
    "remove the line",
    "metadata:\n  name: card-fraud\n  accepts: {MLC920: was meant last year}\n",
    "metadata: {name: card-fraud}\n",
)

CODES: tuple[Code, ...] = (USED, SILENT, IMMUTABLE, MOVED, IDLE)
