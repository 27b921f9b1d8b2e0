"""One small plan, manifest diff and portability report; the golden texts of their formats are rendered from them.

Each has every part that a view has words for, so that a changed word of a view changes the golden text of its format.
"""

from __future__ import annotations

from typing import Any

from unit.diagnostics.findings import stale

from mlopsctl.manifest_diff.comparison import difference
from mlopsctl.manifest_diff.model import Difference as ManifestDifference
from mlopsctl.manifest_diff.model import Entry, Field, SharedChange
from mlopsctl.manifest_diff.views import json as diff_json
from mlopsctl.plan.model import (
    Action,
    Answer,
    Change,
    Consequence,
    Cost,
    Effect,
    EffectTarget,
    Kind,
    Link,
    Plan,
    Summary,
    ToolChange,
)
from mlopsctl.plan.views import json as plan_json
from mlopsctl.portability.model import Difference, Files, Loss, Ported, Reading, Swap
from mlopsctl.portability.views import json as portability_json

SYSTEM = "card-fraud"
ENDPOINT = Link(Kind.ENDPOINT, SYSTEM, "fraud-scorer", "serving.endpoints.fraud-scorer", 1, "team-risk")
VIEW = Link(Kind.FIELD, SYSTEM, "features.views.card_activity.ttl", "features.views.card_activity.ttl")


def plan_document() -> dict[str, Any]:
    """Return the document of a plan with a change of each action, and with every other part."""
    answers = (_answer("41", "serves", False), _answer("42", "candidate", False, was=False), _answer("40", "rollback"))
    return plan_json.document(
        Plan(
            "main (0123456)",
            ("dev", "prod"),
            (_ttl(), _shared_ttl(), _removed_model(), _renamed_view(), _runbook()),
            (Summary(SYSTEM, "team-risk", 1, (Effect.DESTROYS, Effect.REMATERIALISES, Effect.RULES), ("dev", "prod")),),
            (ENDPOINT,),
            ("team-risk", "team-data"),
            answers,
            (Cost("prod", SYSTEM, "endpoint fraud-scorer", "", "2 x 2 cpu, 4Gi"),),
            (stale(),),
            files=3,
            tool=ToolChange("1.0.0", "1.1.0", ("prod/card-fraud/kserve/manifests/serving.yaml",)),
        )
    )


def _answer(version: str, role: Any, servable: bool = True, was: bool = True) -> Answer:
    why = "" if servable else "has no input `txn_count_1h`"
    return Answer("prod", SYSTEM, "fraud-scorer", "fraud", version, role, servable, why, was)


def _ttl() -> Change:
    rebuilt = Consequence(Effect.REMATERIALISES, SYSTEM, EffectTarget(Kind.VIEW, "card_activity"), "the next run", ())
    chain = (VIEW, Link(Kind.MODEL, SYSTEM, "fraud", "model"), ENDPOINT)
    return Change(VIEW.path, Action.CHANGED, "1h", "2h", SYSTEM, ("dev", "prod"), (rebuilt,), (chain,), ("team-risk",))


def _shared_ttl() -> Change:
    """Return a change whose effect an earlier change has already."""
    return Change("vars.ttl", Action.CHANGED, "", "2h", SYSTEM, ("prod",), _ttl().consequences)


def _removed_model() -> Change:
    on = EffectTarget(Kind.SYSTEM, "merchants")
    deleted = Consequence(Effect.DESTROYS, "merchants", on, "Argo CD deletes its objects", ("prod",))
    link = Link(Kind.SYSTEM, "merchants", "merchants", "merchants")
    view = Link(Kind.VIEW, SYSTEM, "merchant_risk", "features.views.merchant_risk")
    return Change("merchants", Action.REMOVED, "merchants", "", "", ("prod",), (deleted,), ((link, view),))


def _renamed_view() -> Change:
    on = EffectTarget(Kind.VIEW, "card_use")
    rolled = Consequence(Effect.ROLLS, SYSTEM, on, "new pods replace the old ones")
    return Change("features.views.card_use", Action.RENAMED, "card_usage", "card_use", SYSTEM, ("prod",), (rolled,))


def _runbook() -> Change:
    on = EffectTarget(Kind.FIELD, "monitoring.alerts.Stale")
    rules = Consequence(Effect.RULES, SYSTEM, on, "Prometheus reloads the rules")
    return Change("monitoring.alerts.Stale.runbook", Action.ADDED, "", "https://wiki.test", SYSTEM, ("prod",), (rules,))


def diff_document() -> dict[str, Any]:
    """Return the document of a manifest diff with an object of each verdict and a change that several share."""
    entries = (
        _object("removed", "PrometheusRule", "card-fraud-slo", lines=12),
        _object("replaced", "Job", "retrain-b", old_name="retrain-a"),
        _object("changed", "Deployment", "feature-server", fields=_fields()),
        _object("moved", "ConfigMap", "settings", old_file="feast/manifests/old.yaml"),
        _object("added", "", "features/card_fraud.py", lines=40),
    )
    counted = difference(entries)
    image = SharedChange("image", "changed", "steps:1", "steps:2", ("train", "check", "score"), 4)
    return diff_json.document(ManifestDifference(counted.entries, (image,), counted.files), "main", "the working tree")


def _fields() -> tuple[Field, ...]:
    return (
        Field("spec.replicas", "changed", 2, 4, others=("spec.minReplicas",)),
        Field("spec.paused", "added", None, True),
        Field("spec.template.metadata.labels.team", "removed", "risk"),
        Field("spec.order", "reordered", [1, 2], [2, 1]),
        Field("data.config", "changed", hunk=("@@ -1 +1 @@", "-ttl: 1h", "+ttl: 2h")),
    )


def _object(verdict: Any, kind: str, name: str, **changed: Any) -> Entry:
    file = "kserve/manifests/serving.yaml" if kind else name
    return Entry("prod", SYSTEM, file, "v1" if kind else "", kind, "ml-prod" if kind else "", name, verdict, **changed)


def portability_document() -> dict[str, Any]:
    """Return the document of a report of two environments: one that is refused, one without an effect."""
    path = "serving.endpoints.fraud-scorer.autoscaling"
    refusal = Loss(SYSTEM, path, "error", "MLC506", "Seldon cannot scale to zero", "set min: 1")
    note = Loss("", "spec.stack", "note", "MLC820", "no freshness is exported", "")
    lost = Difference("serving", "scale-to-zero", "lost", (f"{SYSTEM}: {path}",), "no activator", "set min: 1")
    gained = Difference("serving", "shadow", "gained", (f"{SYSTEM}: serving",), "Seldon mirrors requests", "")
    reported = Ported(
        "prod",
        (_swap(),),
        (refusal, note),
        (Loss(SYSTEM, path, "warning", "MLC510", "no room for a canary", "raise max"),),
        (lost, gained),
        (_reading("seldon_model_infer_seconds"), _reading()),
        ("serving: canary", "serving: grpc"),
        3,
        (Files("kserve", 0, 4, 0, 0), Files("prometheus", 1, 0, 2, 3)),
        ("merchants",),
    )
    present = Swap("serving", "kserve 0.15", "kserve 0.15", "", (), "the workspace", (), ())
    unchanged = Ported("dev", (present,), (), (), (), (), (), 0, (Files("kserve", 0, 0, 0, 4),), ())
    return portability_json.document([reported, unchanged])


def _swap() -> Swap:
    notes = ("the licence forbids production use without a contract",)
    settings = ("prod", ("server",), ("mode",), (SYSTEM,))
    return Swap("serving", "kserve 0.15", "seldon 2.9", "proprietary", notes, *settings)


def _reading(*after: str) -> Reading:
    return Reading(SYSTEM, "Latency" if after else "Errors", ("kserve_request_seconds",), after)
