"""A plan as a versioned JSON document in ASCII; the other formats are rendered from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.diagnostics.render.json import finding
from mlopsctl.plan import wording
from mlopsctl.plan.model import Answer, Change, Consequence, Cost, Effect, Plan, Summary
from mlopsctl.secrets.values import concealed

VERSION = 1

Json = dict[str, Any]


def document(plan: Plan, findings: Iterable[Diagnostic] = ()) -> Json:
    """Return a plan with the diagnostics of `validate`, as plain data without credentials."""
    content = {
        "version": VERSION,
        "against": plan.against,
        "environments": list(plan.environments),
        "effect": wording.EFFECTS[plan.effect],
        "headline": headline(plan),
        "reviewers": list(plan.reviewers),
        "endpoints": [wording.endpoint(endpoint) for endpoint in plan.endpoints],
        "systems": [_summary(system) for system in plan.systems],
        "changes": [_change(change) for change in plan.changes],
        "guards": [finding(guard) for guard in plan.guards],
        "findings": [finding(diagnostic) for diagnostic in findings if diagnostic.severity is Severity.ERROR],
        "contract": [_answer(entry) for entry in plan.contract],
        "costs": [_cost(cost) for cost in plan.costs],
        "files": plan.files,
        "unclear": list(plan.unclear),
        "tool": {"before": plan.tool.before, "after": plan.tool.after, "files": list(plan.tool.files)}
        if plan.tool
        else None,
    }
    masked: Json = concealed(content)
    return masked


_VERBS = (
    (Effect.DESTROYS, "destroys"),
    (Effect.BREAKS, "breaks"),
    (Effect.RETRAINS, "retrains"),
    (Effect.REMATERIALISES, "rematerialises"),
    (Effect.RE_EVALUATES, "re-evaluates"),
    (Effect.OUTSIDE, "alters, outside the model,"),
    (Effect.ROLLS, "rolls"),
    (Effect.REROUTES, "reroutes"),
)
_MOST_NAMES = 3


def headline(plan: Plan) -> str:
    """Return one sentence with the effects of a change, the most dangerous first."""
    if plan.unclear and not plan.changes:
        return f"The effects of this change are unknown: the specs of {_listed(list(plan.unclear))} have errors."
    if not plan.changes or plan.effect is Effect.NOTHING:
        return "This change has no effect on the running systems."
    phrases = []
    for effect, verb in _VERBS:
        objects = dict.fromkeys(
            f"{wording.target_text(consequence.on)} of {consequence.system}"
            if consequence.system
            else wording.target_text(consequence.on)
            for change in plan.changes
            for consequence in change.consequences
            if consequence.effect is effect
        )
        if objects:
            phrases.append(f"{verb} {_listed(list(objects))}")
    if not phrases:
        return f"This change affects {wording.EFFECTS[plan.effect].removesuffix(' only')} only."
    return f"This change {_joined(phrases)}."


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _joined(parts: list[str]) -> str:
    *rest, last = parts
    return f"{'; '.join(rest)}; and {last}" if rest else last


def _summary(summary: Summary) -> Json:
    return {
        "system": summary.system,
        "owner": summary.owner,
        "tier": summary.tier,
        "effects": [wording.EFFECTS[effect] for effect in summary.effects],
        "environments": list(summary.environments),
    }


def _change(change: Change) -> Json:
    return {
        "path": change.path,
        "system": change.system,
        "action": wording.ACTIONS[change.action],
        "old": change.old,
        "new": change.new,
        "effect": wording.EFFECTS[change.effect],
        "environments": list(change.environments),
        "consequences": [_consequence(item) for item in change.consequences],
        "chains": [list(wording.chain(chain, change.action)) for chain in change.chains],
        "reviewers": list(change.reviewers),
    }


def _consequence(consequence: Consequence) -> Json:
    return {
        "effect": wording.EFFECTS[consequence.effect],
        "system": consequence.system,
        "on": wording.target_text(consequence.on),
        "applied": consequence.applied,
        "environments": list(consequence.environments),
    }


def _answer(answer: Answer) -> Json:
    return {
        "environment": answer.environment,
        "system": answer.system,
        "endpoint": answer.endpoint,
        "model": answer.model,
        "version": answer.version,
        "role": answer.role,
        "servable": answer.servable,
        "why": answer.why,
        "was": answer.was,
    }


def _cost(cost: Cost) -> Json:
    return {
        "environment": cost.environment,
        "system": cost.system,
        "name": cost.name,
        "before": cost.before,
        "after": cost.after,
    }
