"""The lock with entries put in, taken out, rolled out and finished.

In: the lock as plain data, and what an entry shall be. Out: the changed data, and one change a line for people. Never
asks what a name stands for, never writes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mlopsctl.lock.uses import IMAGES, MODELS, WORDS, Data, Use, locked

_FACTS = ("version", "uri", "run", "signature", "snapshot")
_SHORT = 19  # `sha256:` and twelve digits


class Change(NamedTuple):
    """One entry that differs, and the words for it."""

    environment: str
    kind: str
    key: str
    words: str

    def __str__(self) -> str:
        return f"{self.environment}: {WORDS[self.kind]} {self.key} {self.words}"


def put(data: Data, use: Use, found: Any) -> Change | None:
    """Put what a key stands for into the lock, as its rollout asks; None where nothing differs."""
    entries = _entries(data, use.environment, use.kind)
    old = entries.get(use.key)
    if use.kind == IMAGES:
        new, words = found, _digest_words(old, found)
    else:
        new, words = settled(old, found, use.rollout)
    if new == old:
        return None
    entries[use.key] = new
    return Change(use.environment, use.kind, use.key, words)


def settled(old: Any, found: dict[str, Any], rollout: str) -> tuple[dict[str, Any], str]:
    """Return a model's entry once `found` is what its alias stands for, and the words for the change.

    A new version under an endpoint that rolls out comes in beside the one that serves.
    """
    version = found["version"]
    if old is None:
        return dict(found), f"is version {version}"
    serves, candidate = str(old["version"]), old.get("candidate")
    if version == serves:
        entry = _with_facts(old, found)
        entry.pop("candidate", None)
        words = f"stays version {serves}"
        return (
            entry,
            f"{words}; candidate {candidate['version']} is dropped" if candidate else f"{words}, its facts anew",
        )
    if rollout == "direct":
        entry = _with_facts(old, found)
        entry.pop("candidate", None)
        return entry, f"goes from version {serves} to {version}"
    coming = _with_facts(candidate, found) if candidate else dict(found)
    again = candidate is not None and str(candidate["version"]) == version
    instead = f" instead of {candidate['version']}" if candidate and not again else ""
    words = f"stays version {serves}; {version} comes in as candidate{instead} ({rollout})"
    return {**old, "candidate": coming}, words


def finish(data: Data, environment: str, key: str) -> Change | None:
    """Let the candidate be the version; None where there is no candidate."""
    entry = locked(data, environment, MODELS).get(key)
    if not entry or not entry.get("candidate"):
        return None
    candidate = entry["candidate"]
    new = _with_facts(entry, candidate)
    del new["candidate"]
    _entries(data, environment, MODELS)[key] = new
    return Change(environment, MODELS, key, f"goes from version {entry['version']} to {candidate['version']}")


def drop(data: Data, environment: str, kind: str, key: str) -> Change:
    """Take an entry out, and what is empty without it."""
    entries = _entries(data, environment, kind)
    del entries[key]
    if not entries:
        del data["environments"][environment][kind]
    if not data["environments"][environment]:
        del data["environments"][environment]
    return Change(environment, kind, key, "is dropped: nothing uses it")


def _with_facts(entry: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with another version's facts, in the order it has them."""
    kept = {key: found.get(key, value) for key, value in entry.items() if key in found or key not in _FACTS}
    return kept | {key: found[key] for key in _FACTS if key in found}


def _entries(data: Data, environment: str, kind: str) -> dict[str, Any]:
    """Return the mapping that holds an environment's entries of a kind, made where there is none."""
    data["environments"] = data.get("environments") or {}
    here = data["environments"][environment] = data["environments"].get(environment) or {}
    here[kind] = here.get(kind) or {}
    entries: dict[str, Any] = here[kind]
    return entries


def _digest_words(old: str | None, new: str) -> str:
    if old is None:
        return f"is {new[:_SHORT]}…"
    return f"goes from {old[:_SHORT]}… to {new[:_SHORT]}…"
