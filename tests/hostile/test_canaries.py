"""Credentials planted all over a project: no verb, format, comment, log or report shows one, old or new.

The oracle is the list of planted words: they are made up here, and looked for in every byte that comes out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from repository import CARD_FRAUD, commit, edit, payments

from hostile.secret_forms import ISSUED, NAMES, PLACED, Canary, canary, password, seeded
from mlopsctl.cli.group import mlopsctl
from mlopsctl.cli.views.formats import BY_VERB
from mlopsctl.diagnostics.codes import policy

PARAMS = "params: {max_depth: 6, learning_rate: 0.1}"
ARGUMENTS = {
    "plan --stack": ("serving=kserve",),
    "status": ("--env", "dev"),
    "explain": ("card-fraud:spec.model.params",),
}
OUTPUTS = (
    *((*verb.split(), *ARGUMENTS.get(verb, ()), "-o", form) for verb, forms in BY_VERB.items() for form in forms),
    ("plan", "--detail"),
    ("render", "--check"),
    ("blueprint", "--system", "card-fraud", "--env", "dev"),
    ("promote", "--from", "dev", "--to", "prod", "--offline", "--dry-run"),
    ("lock", "--check"),
    ("set", CARD_FRAUD, "spec.model.params.max_depth=7"),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = payments(tmp_path)
    monkeypatch.chdir(folder)
    return folder


def quoted(text: str) -> str:
    return json.dumps(text)


def planted(seed: int) -> tuple[str, list[str]]:
    """Return parameters that hold every form and name, and the words that must not be seen."""
    rng = seeded(seed)
    words: list[str] = []
    entries = []

    def plant(canary: Canary) -> str:
        words.extend(canary.words)
        return quoted(canary.written)

    for i, form in enumerate((*ISSUED.values(), *PLACED.values())):
        entries.append(f"k{i}: {plant(canary(form, rng))}")
        entries.append(f"l{i}: [1, {plant(canary(form, rng))}]")
        entries.append(f"m{i}: {{deep: {{er: {plant(canary(form, rng))}}}}}")
    for i, name in enumerate(NAMES):
        entries.append(f"{name}: {plant(canary('{p}', rng))}")
        entries.append(f"n{i}: {{{name}: {plant(canary('{p}', rng))}}}")
        number = rng.randrange(10**9, 10**10)
        words.append(str(number))
        if name not in ("auth", "pat", "dsn", "jwt", "secret"):
            entries.append(f"o{i}: {{{name}: {number}}}")
    return "params:" + "".join(f"\n      {entry}" for entry in entries), words


def leaks(text: str, words: list[str]) -> list[str]:
    return [word for word in words if word in text]


def outputs(*verbs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        done = CliRunner().invoke(mlopsctl, list(verb), standalone_mode=False)
        assert done.exception is None or not isinstance(done.exception, AssertionError)
        yield " ".join(verb), done.stdout + done.stderr + str(done.exception or "")


@pytest.mark.parametrize("side", ["new", "old", "both"])
def test_no_output_shows_a_planted_credential(root: Path, side: str) -> None:
    old, old_words = planted(1)
    new, new_words = planted(2)
    if side in ("old", "both"):
        edit(root, CARD_FRAUD, PARAMS, old)
        commit(root)
    edit(root, CARD_FRAUD, PARAMS if side == "new" else old, PARAMS if side == "old" else new)

    shown = {verb: leaks(text, [*old_words, *new_words]) for verb, text in outputs(*OUTPUTS)}

    assert {verb: leaked for verb, leaked in shown.items() if leaked} == {}


def test_every_planted_credential_is_an_error_at_its_line(root: Path) -> None:
    rng = seeded(3)
    forms = {**ISSUED, **PLACED}
    rows = "".join(f"\n      k{i}: {quoted(canary(form, rng).written)}" for i, form in enumerate(forms.values()))
    rows += "".join(f"\n      {name}: {password(rng)}" for name in NAMES)
    edit(root, CARD_FRAUD, PARAMS, f"params:{rows}")

    done = CliRunner().invoke(mlopsctl, ["validate", "-o", "json"], standalone_mode=False)

    diagnostics = json.loads(done.stdout)["diagnostics"]
    secret = [
        diagnostic["path"].rpartition(".")[2]
        for diagnostic in diagnostics
        if diagnostic["code"] == policy.PLAINTEXT_SECRET.code
    ]
    expected = [*(f"k{i}" for i in range(len(forms))), *NAMES]
    assert sorted(secret) == sorted(expected)


def review(root: Path) -> Path:
    """Write what the rendered CI hands to `comment`, as if it planned in spite of errors."""
    folder = root / "review"
    folder.mkdir()
    for name, verb in {
        "findings.json": ("validate", "-o", "json"),
        "plan.json": ("plan", "-o", "json"),
        "plan.md": ("plan", "-o", "markdown"),
        "diff.md": ("diff", "-o", "markdown"),
    }.items():
        (folder / name).write_text(CliRunner().invoke(mlopsctl, list(verb), standalone_mode=False).stdout, "utf-8")
    return folder


def test_a_comment_on_a_spec_with_errors_tells_the_errors_alone(root: Path) -> None:
    text, words = planted(4)
    edit(root, CARD_FRAUD, PARAMS, text + "\n      depth: seven-and-a-half")
    folder = review(root)
    (folder / "plan.md").write_text("model.params.depth: 6 -> seven-and-a-half\n", "utf-8")

    ((_, output),) = outputs(("comment", str(folder), "--workspace", "payments"))

    assert "MLC704" in output
    assert "seven-and-a-half" not in output
    assert leaks(output, words) == []


def test_a_comment_hides_what_a_job_that_ran_strange_code_handed_on(root: Path) -> None:
    secret = canary(ISSUED["github"], seeded(5))
    folder = review(root)
    (folder / "plan.md").write_text(f"a token: {secret.written}\n", "utf-8")

    ((_, output),) = outputs(("comment", str(folder), "--workspace", "payments"))

    assert "a token: ***" in output


BROKEN = ("spec: [\n  {line}\n", "spec:\n  {line}\n bad: : x\n", "{line} : : x\n", "a: 'b\n{line}\n", "\t{line}\n")


@pytest.mark.parametrize("frame", BROKEN)
def test_a_syntax_error_shows_no_line_with_a_credential(tmp_path: Path, frame: str) -> None:
    rng = seeded(6)
    file = tmp_path / "mlops.yaml"
    for i, name in enumerate((*NAMES, *ISSUED, *PLACED)):
        form = {**ISSUED, **PLACED}.get(name)
        secret = canary(form or "{p}", rng)
        line = f"k{i}: {secret.written}" if form else f"{name}: {secret.written}"
        if "\n" in line:
            continue
        file.write_text(frame.format_map({"line": line}), "utf-8")
        for form in ("text", "json"):
            ((_, output),) = outputs(("validate", str(file), "-o", form))
            assert leaks(output, list(secret.words)) == [], line
