"""What differs between two rendered trees, object by object.

In: two trees as mappings of path (`environment/unit/file`) to text. Out: a `Difference`. Never reads a disk, and looks
into no file that is the same on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from mlopsctl.change.manifests_counts import counts
from mlopsctl.change.manifests_danger import danger
from mlopsctl.change.manifests_fields import fields
from mlopsctl.change.manifests_fold import fold, together
from mlopsctl.change.manifests_model import Difference, Entry, Verdict
from mlopsctl.change.manifests_pairs import likeness, matched
from mlopsctl.change.manifests_read import Thing, things


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """Return what differs, dangerous first."""
    then = _things({path: text for path, text in old.items() if new.get(path) != text})
    now = _things({path: text for path, text in new.items() if old.get(path) != text})
    return difference(entry for pair in matched(then, now) if (entry := _entry(*pair)))


def difference(entries: Iterable[Entry]) -> Difference:
    """Return what entries say together: the dangerous first, what many have alike once, and the counts."""
    whole = tuple(entries)
    told, everywhere = fold(whole)
    return Difference(tuple(sorted(told, key=danger)), everywhere, counts(whole))


def _things(tree: Mapping[str, str]) -> list[Thing]:
    return [thing for path, text in sorted(tree.items()) for thing in things(path, text)]


def _entry(old: Thing | None, new: Thing | None) -> Entry | None:
    """Return what became of one thing; None where nothing did."""
    if old is None or new is None:
        return _whole(old or new, "removed" if new is None else "added")
    renamed = new.kind != "" and old.name != new.name
    found = fields(old.value, new.value, new.kind)
    changed = together(field for field in found if not (renamed and field.path == "metadata.name"))
    moved = (old.environment, old.unit, old.file) != (new.environment, new.unit, new.file)
    if not (changed or moved or renamed):
        return None
    verdict: Verdict = "replaced" if renamed else "changed" if changed else "moved"
    return replace(
        _bare(new, verdict),
        fields=changed,
        old_file=_where(old, new) if moved else "",
        old_name=old.name if renamed else "",
    )


def _where(old: Thing, new: Thing) -> str:
    """Return where a thing stood, from the unit's folder, or from the root where that was another unit."""
    return old.file if old.unit == new.unit else f"{old.environment}/{old.unit}/{old.file}"


def _whole(thing: Thing | None, verdict: Verdict) -> Entry | None:
    if thing is None:
        return None
    return replace(_bare(thing, verdict), lines=thing.text.count("\n") if thing.text else len(likeness(thing.value)))


def _bare(thing: Thing, verdict: Verdict) -> Entry:
    return Entry(
        thing.environment,
        thing.unit,
        thing.file,
        thing.api_version,
        thing.kind,
        thing.namespace,
        thing.name,
        verdict,
    )
