"""Compare two rendered trees, object by object; equal files are skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from mlopsctl.manifest_diff.aggregation import fold, together
from mlopsctl.manifest_diff.counts import counts
from mlopsctl.manifest_diff.fields import fields
from mlopsctl.manifest_diff.model import Difference, Entry, Verdict
from mlopsctl.manifest_diff.object_matching import likeness, matched
from mlopsctl.manifest_diff.reader import TreeObject, tree_objects
from mlopsctl.manifest_diff.risk_order import danger


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """Return the differences, riskiest first."""
    then = _objects({path: text for path, text in old.items() if new.get(path) != text})
    now = _objects({path: text for path, text in new.items() if old.get(path) != text})
    return difference(entry for pair in matched(then, now) if (entry := _entry(*pair)))


def difference(entries: Iterable[Entry]) -> Difference:
    """Combine entries: riskiest first, common changes aggregated, with counts."""
    all_entries = tuple(entries)
    separate, everywhere = fold(all_entries)
    return Difference(tuple(sorted(separate, key=danger)), everywhere, counts(all_entries))


def _objects(tree: Mapping[str, str]) -> list[TreeObject]:
    return [obj for path, text in sorted(tree.items()) for obj in tree_objects(path, text)]


def _entry(old: TreeObject | None, new: TreeObject | None) -> Entry | None:
    """Return the entry of an object or file; None if it is unchanged."""
    if old is None or new is None:
        return _one_sided_entry(old or new, "removed" if new is None else "added")
    renamed = new.kind != "" and old.name != new.name
    differing = fields(old.value, new.value, new.kind)
    changed = together(field for field in differing if not (renamed and field.path == "metadata.name"))
    moved = (old.environment, old.unit, old.file) != (new.environment, new.unit, new.file)
    if not (changed or moved or renamed):
        return None
    verdict: Verdict = "replaced" if renamed else "changed" if changed else "moved"
    return replace(
        _bare(new, verdict),
        fields=changed,
        old_file=_old_file(old, new) if moved else "",
        old_name=old.name if renamed else "",
    )


def _old_file(old: TreeObject, new: TreeObject) -> str:
    """Return the old file of an object: relative to the unit's folder, or to the root if it was in another unit."""
    return old.file if old.unit == new.unit else f"{old.environment}/{old.unit}/{old.file}"


def _one_sided_entry(obj: TreeObject | None, verdict: Verdict) -> Entry | None:
    if obj is None:
        return None
    return replace(_bare(obj, verdict), lines=obj.text.count("\n") if obj.text else len(likeness(obj.value)))


def _bare(obj: TreeObject, verdict: Verdict) -> Entry:
    return Entry(
        obj.environment,
        obj.unit,
        obj.file,
        obj.api_version,
        obj.kind,
        obj.namespace,
        obj.name,
        verdict,
    )
