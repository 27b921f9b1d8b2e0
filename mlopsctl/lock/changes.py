"""Edit the lock's data: set, drop, roll out and finish entries, with a text per change."""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.lock.digest import FACTS, sealed
from mlopsctl.lock.uses import IMAGES, KIND_NOUNS, MODELS, Data, Use, locked

_SHORT = 19  # `sha256:` and twelve digits


class Change(NamedTuple):
    """A changed entry and its description."""

    environment: str
    kind: str
    key: str
    description: str

    def __str__(self) -> str:
        return f"{self.environment}: {KIND_NOUNS[self.kind]} {self.key} {self.description}"


def update(data: Data, use: Use, resolved: Any) -> Change | None:
    """Write the resolved value of a key into the lock, as its rollout requires; None if nothing differs."""
    entries = _entries(data, use.environment, use.kind)
    old = entries.get(use.key)
    if use.kind == IMAGES:
        new, description = resolved, _digest_words(old, resolved)
    else:
        entry, description = settled(old, resolved, use.rollout)
        new = sealed(entry, old)
        description = f"gets the digest of version {new['version']}" if entry == old else description
    if new == old:
        return None
    entries[use.key] = new
    return Change(use.environment, use.kind, use.key, description)


def settled(old: Any, resolved: dict[str, Any], rollout: str) -> tuple[dict[str, Any], str]:
    """Return a model's entry with the resolved version `found`, and the text of the change.

    With a rollout, a new version becomes the candidate beside the served version.
    """
    version = resolved["version"]
    if old is None:
        return dict(resolved), f"is version {version}"
    serves, candidate = str(old["version"]), old.get("candidate")
    if version == serves:
        entry = _with_facts(old, resolved)
        entry.pop("candidate", None)
        description = f"stays version {serves}"
        return (
            entry,
            f"{description}; candidate {candidate['version']} is removed"
            if candidate
            else f"{description}, with new metadata",
        )
    if rollout == "direct":
        entry = _with_facts(old, resolved)
        entry.pop("candidate", None)
        return entry, f"changes from version {serves} to {version}"
    coming = _with_facts(candidate, resolved) if candidate else dict(resolved)
    again = candidate is not None and str(candidate["version"]) == version
    instead = f" instead of {candidate['version']}" if candidate and not again else ""
    description = f"stays version {serves}; {version} becomes the candidate{instead} ({rollout})"
    return {**old, "candidate": coming}, description


def finish(data: Data, environment: str, key: str) -> Change | None:
    """Make the candidate the version; None without a candidate."""
    entry = locked(data, environment, MODELS).get(key)
    if not entry or not entry.get("candidate"):
        return None
    candidate = entry["candidate"]
    new = _with_facts(entry, candidate)
    del new["candidate"]
    _entries(data, environment, MODELS)[key] = sealed(new, entry)
    return Change(environment, MODELS, key, f"changes from version {entry['version']} to {candidate['version']}")


def drop(data: Data, environment: str, kind: str, key: str) -> Change:
    """Remove an entry, and maps that become empty."""
    entries = _entries(data, environment, kind)
    del entries[key]
    if not entries:
        del data["environments"][environment][kind]
    if not data["environments"][environment]:
        del data["environments"][environment]
    return Change(environment, kind, key, "is removed: nothing uses it")


def _with_facts(entry: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with another version's fields, in their order."""
    updated = {key: facts.get(key, value) for key, value in entry.items() if key in facts or key not in FACTS}
    return updated | {key: facts[key] for key in FACTS if key in facts}


def _entries(data: Data, environment: str, kind: str) -> dict[str, Any]:
    """Return the map of an environment's entries of a kind; create it where there is none."""
    data["environments"] = data.get("environments") or {}
    section = data["environments"][environment] = data["environments"].get(environment) or {}
    section[kind] = section.get(kind) or {}
    entries: dict[str, Any] = section[kind]
    return entries


def _digest_words(old: str | None, new: str) -> str:
    if old is None:
        return f"is {new[:_SHORT]}…"
    return f"changes from {old[:_SHORT]}… to {new[:_SHORT]}…"
