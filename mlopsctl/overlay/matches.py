"""Whether a patch matches as many objects as it says, and if not, why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from mlopsctl.blueprint.model.patches import Patch
from mlopsctl.diagnostics.codes import outside as codes
from mlopsctl.diagnostics.suggest import did_you_mean
from mlopsctl.overlay.model import Finding, Pointer

_MOST_NAMES = 6


def unknown_engine(system: str, patch: Patch, engines: Collection[str]) -> Iterator[Finding]:
    """Report a patch of an engine that the stack does not have."""
    if patch.engine not in engines:
        help = did_you_mean(patch.engine, sorted(engines)) or f"engines of the stack: {', '.join(sorted(engines))}"
        message = f"the stack has no engine `{patch.engine}`"
        yield Finding(codes.PATCH_MATCHES, system, _target(patch, "engine"), message, help)


def miscounted(
    system: str, patch: Patch, matched: Sequence[str], rendered: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Report another number of objects than the patch says; `rendered` are the names of all by kind."""
    if len(matched) == patch.matches or (matched and not patch.matches):
        return
    if not rendered:
        message = f"`{patch.engine}` renders no Kubernetes object here; a patch changes nothing else"
        yield Finding(codes.PATCH_MATCHES, system, _target(patch, "engine"), message)
    elif patch.kind not in rendered:
        help = did_you_mean(patch.kind, sorted(rendered)) or f"kinds: {', '.join(sorted(rendered))}"
        message = f"`{patch.engine}` renders no {patch.kind} here"
        yield Finding(codes.PATCH_MATCHES, system, _target(patch, "kind"), message, help)
    elif not matched:
        names = rendered[patch.kind]
        help = did_you_mean(patch.pattern, names) or f"rendered: {_listed(names)}"
        message = f"no {patch.kind} of `{patch.engine}` has a name like `{patch.pattern}`"
        yield Finding(codes.PATCH_MATCHES, system, _target(patch, "name"), message, help)
    else:
        objects = "1 object" if len(matched) == 1 else f"{len(matched)} objects"
        message = f"the patch matches {objects} and says {patch.matches}: {_listed(matched)}"
        yield Finding(codes.PATCH_MATCHES, system, ("spec", "patches", patch.name, "matches"), message)


def _target(patch: Patch, key: str) -> Pointer:
    return ("spec", "patches", patch.name, "target", key)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
