"""A plan as a versioned document. The other formats are made from it, so none can know more than it says.

In: a plan. Out: plain dicts, and JSON in ASCII. Never compares anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mlopsctl.change.model import Answer, Change, Consequence, Cost, Effect, Plan, Summary
from mlopsctl.diagnostics.json import finding
from mlopsctl.diagnostics.model import Diagnostic, Severity

VERSION = 1

Json = dict[str, Any]


def document(plan: Plan, findings: Iterable[Diagnostic] = ()) -> Json:
    """Return a plan with what `validate` found, as plain data."""
    return {
        "version": VERSION,
        "against": plan.against,
        "environments": list(plan.environments),
        "effect": plan.effect.words,
        "headline": headline(plan),
        "reviewers": list(plan.reviewers),
        "endpoints": list(plan.endpoints),
        "systems": [_summary(one) for one in plan.systems],
        "changes": [_change(one) for one in plan.changes],
        "guards": [finding(one) for one in plan.guards],
        "findings": [finding(one) for one in findings if one.severity is Severity.ERROR],
        "contract": [_answer(one) for one in plan.contract],
        "costs": [_cost(one) for one in plan.costs],
        "files": plan.files,
        "unclear": list(plan.unclear),
        "tool": {"before": plan.tool.before, "after": plan.tool.after, "files": list(plan.tool.files)}
        if plan.tool
        else None,
    }


def render(document: Json) -> str:
    """Return the document as JSON text; all beyond ASCII is escaped."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


_VERBS = (
    (Effect.DESTROYS, "destroys"),
    (Effect.BREAKS, "breaks"),
    (Effect.RETRAINS, "retrains"),
    (Effect.REMATERIALISES, "rematerialises"),
    (Effect.RE_EVALUATES, "re-evaluates"),
    (Effect.ROLLS, "rolls"),
    (Effect.REROUTES, "reroutes"),
)
_NAMED = 3


def headline(plan: Plan) -> str:
    """Say in one sentence what a change does, the dangerous first."""
    if plan.unclear and not plan.changes:
        return f"What this change does is not known: the specs of {_listed(list(plan.unclear))} have errors."
    if not plan.changes or plan.effect is Effect.NOTHING:
        return "This change does nothing to what runs."
    told = []
    for effect, verb in _VERBS:
        things = dict.fromkeys(
            f"{one.on} of {one.system}" if one.system else one.on
            for change in plan.changes
            for one in change.consequences
            if one.effect is effect
        )
        if things:
            told.append(f"{verb} {_listed(list(things))}")
    if not told:
        return f"This change touches {plan.effect.words.removesuffix(' only')} only."
    return f"This change {_joined(told)}."


def _listed(things: list[str]) -> str:
    more = len(things) - _NAMED
    return ", ".join(things[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _joined(parts: list[str]) -> str:
    *rest, last = parts
    return f"{'; '.join(rest)}; and {last}" if rest else last


def _summary(one: Summary) -> Json:
    return {
        "system": one.system,
        "owner": one.owner,
        "tier": one.tier,
        "effects": [effect.words for effect in one.effects],
        "environments": list(one.environments),
    }


def _change(one: Change) -> Json:
    return {
        "path": one.path,
        "system": one.system,
        "action": one.action,
        "old": one.old,
        "new": one.new,
        "effect": one.effect.words,
        "environments": list(one.environments),
        "consequences": [_consequence(each) for each in one.consequences],
        "chains": [list(chain) for chain in one.chains],
        "reviewers": list(one.reviewers),
    }


def _consequence(one: Consequence) -> Json:
    return {
        "effect": one.effect.words,
        "system": one.system,
        "on": one.on,
        "applied": one.applied,
        "environments": list(one.environments),
    }


def _answer(one: Answer) -> Json:
    return {
        "environment": one.environment,
        "system": one.system,
        "endpoint": one.endpoint,
        "model": one.model,
        "version": one.version,
        "role": one.role,
        "servable": one.servable,
        "why": one.why,
        "was": one.was,
    }


def _cost(one: Cost) -> Json:
    return {
        "environment": one.environment,
        "system": one.system,
        "name": one.name,
        "before": one.before,
        "after": one.after,
    }
