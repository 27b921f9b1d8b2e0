"""A comparison tells what a write would do, and does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlopsctl.diagnostics.model import Severity
from mlopsctl.tree.compare import compare
from mlopsctl.tree.write import write

from .build import check, codes, environment, environments, render, states

FRAUD = {"feast/features.py": "x = 1\n", "argo/train.yaml": "kind: A\n"}
RISK = {"feast/features.py": "y = 1\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "generated"


def test_a_fresh_render_is_clean(root: Path) -> None:
    render(root, prod={"fraud": FRAUD}, dev={"risk": RISK})
    comparison = check(root, prod={"fraud": FRAUD}, dev={"risk": RISK})
    assert comparison.clean
    assert comparison.diagnostics == ()


def test_a_missing_output_lacks_every_file_and_stays_missing(root: Path) -> None:
    comparison = check(root, prod={"fraud": FRAUD})
    assert not comparison.clean
    assert comparison.added == ("prod/fraud/argo/train.yaml", "prod/fraud/feast/features.py")
    assert comparison.stale_indexes == ("prod/.mlopsctl.json",)
    assert not root.exists()
    assert check(root).clean
    assert compare(root / "deeper", {}, within=root).clean


def test_stale_and_edited_files_are_told_apart(root: Path) -> None:
    old = {"stale": "1", "edited": "1", "stale-edited": "1", "gone": "1", "gone-edited": "1", "deleted": "1"}
    render(root, prod={"fraud": old})
    for name in ("edited", "stale-edited", "gone-edited"):
        (root / "prod/fraud" / name).write_text("hand")
    (root / "prod/fraud/deleted").unlink()
    new = {"stale": "2", "edited": "1", "stale-edited": "2", "deleted": "1", "new": "2"}
    comparison = check(root, prod={"fraud": new})
    assert comparison.added == ("prod/fraud/deleted", "prod/fraud/new")
    assert comparison.changed == ("prod/fraud/edited", "prod/fraud/stale", "prod/fraud/stale-edited")
    assert comparison.removed == ("prod/fraud/gone", "prod/fraud/gone-edited")
    assert comparison.edited == tuple(
        f"prod/fraud/{name}" for name in ("deleted", "edited", "gone-edited", "stale-edited")
    )


def test_a_comparison_writes_nothing(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    (root / "prod/fraud/mine").write_text("")
    before = states(root)
    assert not check(root, prod={"fraud": {"x": "y"}}, dev={"fraud": FRAUD}).clean
    assert states(root) == before


def test_a_file_smuggled_into_a_unit_is_not_clean(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "prod/fraud/argo/extra.yaml").write_text("kind: ClusterRoleBinding\n")
    comparison = check(root, prod={"fraud": FRAUD})
    assert not comparison.clean
    assert comparison.units[0].foreign == ("argo/extra.yaml",)
    assert codes(comparison) == ["MLC903"]


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("prod/evil/argocd/manifests/app.yaml", "prod/evil/"),
        ("prod/.mlopsctl-x/argocd/manifests/app.yaml", "prod/.mlopsctl-x/"),
        ("prod/.mlopsctl-stage-1-0/argocd/manifests/app.yaml", "prod/.mlopsctl-stage-1-0/"),
        ("prod/.hidden", "prod/.hidden"),
        ("prod/app.yaml", "prod/app.yaml"),
        ("evil/fraud/argocd/manifests/app.yaml", "evil/"),
        (".mlopsctl-x/app.yaml", ".mlopsctl-x/"),
    ],
)
def test_what_no_render_wrote_is_named_and_not_clean(root: Path, planted: str, named: str) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / planted).parent.mkdir(parents=True, exist_ok=True)
    (root / planted).write_text("kind: Application\n")
    comparison = check(root, prod={"fraud": FRAUD})
    assert not comparison.clean
    assert not comparison.out_of_date
    assert comparison.foreign == (named,)
    assert codes(comparison) == ["MLC904"]


@pytest.mark.parametrize("path", ["manual", "prod/manual"])
def test_an_empty_neighbour_is_said_and_clean_for_git_keeps_none(root: Path, path: str) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / path).mkdir()
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.clean
    assert [(diagnostic.code, diagnostic.severity) for diagnostic in comparison.diagnostics] == [
        ("MLC904", Severity.NOTE)
    ]


def test_an_environment_that_an_index_of_a_stranger_claims_is_left_over(root: Path) -> None:
    render(root, prod={"fraud": FRAUD}, evil={"fraud": FRAUD})
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.stale_indexes == ("evil/.mlopsctl.json",)
    assert not comparison.clean


def test_a_plain_file_at_the_top_is_nobodys_concern(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "README.md").write_text("what lies here")
    assert check(root, prod={"fraud": FRAUD}).clean


def test_a_stage_that_nobody_writes_is_left_over_and_the_next_render_clears_it(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / ".mlopsctl-stage-1-0").mkdir()
    comparison = check(root, prod={"fraud": FRAUD})
    assert (comparison.clean, comparison.leftovers) == (False, (".mlopsctl-stage-1-0",))
    render(root, prod={"fraud": FRAUD})
    assert check(root, prod={"fraud": FRAUD}).clean


@pytest.mark.parametrize("mode", [0o755, 0o645, 0o4644, 0o1644])
def test_a_mode_that_no_render_gives_is_an_edit_by_hand(root: Path, mode: int) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "prod/fraud/argo/train.yaml").chmod(mode)
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.changed == comparison.edited == ("prod/fraud/argo/train.yaml",)
    render(root, prod={"fraud": FRAUD})
    assert check(root, prod={"fraud": FRAUD}).clean


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o666])
def test_who_may_read_and_write_is_left_to_the_umask(root: Path, mode: int) -> None:
    render(root, prod={"fraud": FRAUD})
    for path in ("prod/fraud/argo/train.yaml", "prod/.mlopsctl.json"):
        (root / path).chmod(mode)
    assert check(root, prod={"fraud": FRAUD}).clean


def test_an_executable_index_is_stale_but_where_every_file_is_executable_no_mode_counts(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK})
    (root / "prod/.mlopsctl.json").chmod(0o755)
    assert check(root, prod={"fraud": FRAUD, "risk": RISK}).stale_indexes == ("prod/.mlopsctl.json",)
    for path in root.rglob("*"):
        path.chmod(0o777)
    assert check(root, prod={"fraud": FRAUD, "risk": RISK}).clean
    (root / "prod/risk/feast/features.py").chmod(0o644)
    assert not check(root, prod={"fraud": FRAUD, "risk": RISK}).clean


def test_a_hard_link_is_named(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root.parent / "other").hardlink_to(root / "prod/fraud/argo/train.yaml")
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.clean
    assert codes(comparison) == ["MLC916"]
    assert "prod/fraud/argo/train.yaml" in comparison.diagnostics[0].message


def test_an_empty_folder_inside_a_unit_is_left_over_and_the_next_render_clears_it(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "prod/fraud/argo/empty/deep").mkdir(parents=True)
    (root / "prod/fraud/bare").mkdir()
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.removed == ("prod/fraud/argo/empty/", "prod/fraud/bare/")
    render(root, prod={"fraud": FRAUD})
    assert check(root, prod={"fraud": FRAUD}).clean
    assert not (root / "prod/fraud/bare").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": "0.1.0"', '"version": "<script>"'),
        ('"version": "0.1.0"', '"version": "0.1.0 "'),
        ('"format": 1', '"format": true'),
        ('"format": 1', '"format": 1.0'),
        ('"format": 1', '"extra": 1,\n "format": 1'),
        ('"format": 1', '"format": 2,\n "format": 1'),
        (" ", "  "),
        ("\n", "\r\n"),
    ],
)
def test_an_index_in_other_words_than_a_renders_is_stale(root: Path, old: str, new: str) -> None:
    render(root, prod={"fraud": FRAUD})
    index = root / "prod/.mlopsctl.json"
    text = index.read_text()
    assert old in text
    index.write_bytes(text.replace(old, new, 1).encode())
    comparison = check(root, prod={"fraud": FRAUD})
    assert comparison.stale_indexes == ("prod/.mlopsctl.json",)
    render(root, prod={"fraud": FRAUD})
    assert index.read_text() == text


def test_units_and_environments_that_no_longer_belong_are_not_clean(root: Path) -> None:
    render(root, prod={"fraud": FRAUD, "risk": RISK}, dev={"risk": RISK})
    assert check(root, prod={"fraud": FRAUD}, dev={"risk": RISK}).removed == ("prod/risk/feast/features.py",)
    comparison = check(root, prod={"fraud": FRAUD, "risk": RISK})
    assert comparison.removed == ("dev/risk/feast/features.py",)
    assert comparison.stale_indexes == ("dev/.mlopsctl.json",)
    assert compare(root, environments(prod={"fraud": FRAUD, "risk": RISK}), partial=True).clean


def test_other_inputs_are_stale_and_another_version_is_not(root: Path) -> None:
    render(root, prod={"fraud": FRAUD})
    assert compare(root, {"prod": environment({"fraud": FRAUD}, version="9")}).clean
    comparison = compare(root, {"prod": environment({"fraud": FRAUD}, inputs="2")})
    assert not comparison.clean
    assert comparison.stale_indexes == ("prod/.mlopsctl.json",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\0",
        "{}",
        "[" * 100_000,
        '{"format": 2, "version": "1", "units": {}}',
        '{"format": 1, "version": 1, "units": {}}',
        '{"format": 1, "version": "1", "units": []}',
        '{"format": 1, "version": "1", "units": {"fraud": []}}',
        '{"format": 1, "version": "1", "units": {"fraud": {"a": 1}}}',
        '{"format": 1, "version": "1", "units": {"fraud": {"../../x": "1"}}}',
        '{"format": 1, "version": "1", "units": {"../x": {}}}',
        '{"format": 1, "version": "1", "units": {"a/b": {}}}',
        '{"format": 1, "version": "1", "n": ' + "9" * 5000 + ', "units": {}}',
    ],
    ids=range(16),
)
def test_a_broken_index_is_a_finding_and_counts_as_absent(root: Path, text: str) -> None:
    render(root, prod={"fraud": FRAUD})
    (root / "prod/.mlopsctl.json").write_text(text)
    (root / "prod/fraud/argo/train.yaml").write_text("edited")
    comparison = check(root, prod={"fraud": FRAUD})
    assert codes(comparison) == ["MLC912"]
    assert comparison.changed == ("prod/fraud/argo/train.yaml",)
    assert comparison.edited == ()
    assert comparison.diagnostics[0].message.isprintable()


def test_what_a_write_leaves_is_always_clean(root: Path) -> None:
    steps = [{"fraud": FRAUD}, {"fraud": FRAUD, "risk": RISK}, {"risk": FRAUD}, {}, {"fraud": {"argo": "x"}}]
    for units in steps:
        assert not check(root, prod=units).clean
        render(root, prod=units)
        assert check(root, prod=units).clean


def test_an_index_key_of_our_own_is_a_bug(root: Path) -> None:
    tree = environment({"fraud": FRAUD})
    for key in ("units", "format", "version"):
        tree.index[key] = 1  # type: ignore[index]
        with pytest.raises(ValueError, match=key):
            write(root, {"prod": tree})
        del tree.index[key]  # type: ignore[attr-defined]
