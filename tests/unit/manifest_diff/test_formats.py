"""A diff as text, Markdown and JSON: sound whatever the values are, and never too long."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from mlopsctl.diagnostics.render.formats import Page, as_json
from mlopsctl.emit import yaml as emit_yaml
from mlopsctl.manifest_diff.comparison import compare
from mlopsctl.manifest_diff.views import json as diff_json
from mlopsctl.manifest_diff.views import markdown as diff_markdown
from mlopsctl.manifest_diff.views import schema as diff_schema
from mlopsctl.manifest_diff.views import text as diff_text

ROOT = Path(__file__).resolve().parents[3]
HERE = "prod/s/kind/manifests/one.yaml"
HOSTILE = [
    "```\n</details>\n# @everyone", "@acme/owners", "</summary><script>x</script>", "#1 GH-2 acme/x#3", "\x1b[31mred",
    "\u202egnp", "`" * 50, "~~~\n~~~", "<!-- x", "| a | b |", "$x$ $$y$$", "https://evil.example www.evil.example",
    "\r\n\x00",
    "[x](y) *b* _i_ `c` ~~d~~", "![x](https://evil.example/x.png)", "a" * 5000, "é漢😀",
]  # fmt: skip


def thing(name: str, **body: Any) -> Any:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **body}


def document(old: Any, new: Any) -> Any:
    return diff_json.document(compare(_tree(old), _tree(new)), "HEAD (0123)", "the working tree")


def _tree(things: Any) -> dict[str, str]:
    return {HERE: "---\n".join(emit_yaml.dumps(manifest) for manifest in things)} if things else {}


def hostile() -> Any:
    old = [thing(f"n{i}", spec={"v": text, "t": f"{text}\nx\ny", text: 1}) for i, text in enumerate(HOSTILE)]
    new = [thing(f"n{i}", spec={"v": f"{text}!", "t": f"{text}\nx\nz", text: 2}) for i, text in enumerate(HOSTILE)]
    return document([*old, *(thing(text) for text in HOSTILE)], new)


def test_the_published_schema_is_the_one_the_code_has() -> None:
    published = ROOT / "schemas" / diff_schema.FILE
    assert published.read_text() == diff_schema.schema_text(), "write it again with `make schemas`"
    Draft202012Validator.check_schema(diff_schema.diff_schema())


@pytest.mark.parametrize("diff", [document([], []), document([thing("a")], [thing("b", x=1)]), hostile()])
def test_a_document_keeps_to_its_schema(diff: Any) -> None:
    Draft202012Validator(diff_schema.diff_schema()).validate(json.loads(as_json(diff, Page())))
    assert as_json(diff, Page()).isascii()


def test_text_never_steers_a_terminal() -> None:
    for printed in (diff_text.render(hostile(), False), diff_text.stat(hostile(), False)):
        assert all(character.isprintable() or character == "\n" for character in printed)
    coloured = diff_text.render(hostile(), True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == diff_text.render(hostile(), False)


def test_no_value_ends_its_fence_or_becomes_markup() -> None:
    page = diff_markdown.render(hostile())
    outside = []
    fence = ""
    for line in page.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif ticks := re.fullmatch(r"(`{3,})diff", line):
            fence = ticks[1]
        else:
            outside.append(line)
    assert fence == ""
    text = "\n".join(outside)
    assert text.count("<details>") == text.count("</details>") == len(HOSTILE)
    assert text.count("<summary>") == text.count("</summary>") == text.count("<details>")
    for mark in ("@everyone", "@acme", "<script", "#1", "https://", "www.evil", "x#3"):
        assert mark not in text


def test_a_reader_of_markdown_sees_fences_and_folds_and_nothing_of_a_value() -> None:
    tokens = MarkdownIt("commonmark").parse(diff_markdown.render(hostile()))
    fences = [token for token in tokens if token.type == "fence"]
    assert {fence.info for fence in fences} == {"diff"}
    assert len(fences) == len(HOSTILE)
    inline = [inner for token in tokens for inner in token.children or ()]
    markup = "".join(token.content for token in (*tokens, *inline) if token.type in {"html_block", "html_inline"})
    tags = re.findall(r"<[^>]*>", markup)
    assert set(tags) <= {"<details>", "</details>", "<summary>", "</summary>", "<br>", "<!-- -->"}
    assert {token.type for token in inline} <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
        "html_inline",
        "softbreak",
    }


def test_a_page_stays_within_what_a_comment_holds() -> None:
    many = [thing(f"n{i}", data={f"k{j}": f"{i} {j} " + "é" * 300 for j in range(30)}) for i in range(300)]
    page = diff_markdown.render(document(many, [thing(f"n{i}", data={}) for i in range(300)]))
    assert len(page.encode()) < 65_536
    assert page.rstrip().endswith("`mlopsctl diff` shows all of it.")
    assert page.count("<details>") == page.count("</details>")


def test_long_values_are_cut_around_what_differs() -> None:
    old, new = (thing("a", spec={"v": "x" * 500 + word + "y" * 500}) for word in ("BEFORE", "AFTER"))
    text = diff_text.render(document([old], [new]), False)
    assert "BEFORE" in text
    assert "AFTER" in text
    assert max(map(len, text.splitlines())) < 150


def test_long_values_that_changed_in_the_same_words_are_shown_once() -> None:
    def rules(version: str) -> Any:
        series = "sum(rate(seldon_pipeline_infer_total{pipeline='scorer-%s',code=~'5..'}[%dm])) or vector(0)"
        return thing("a", spec={"rules": [{"record": f"r{i}", "expr": series % (version, i)} for i in range(9)]})

    text = diff_text.render(document([rules("v41")], [rules("v42")]), False)
    assert "spec.rules[r0].expr  (and 8 more places)" in text
    assert "rules[r1]" not in text


def test_the_words_of_each_verdict() -> None:
    old = [thing("changed", spec={"a": 1, "l": [1, 2], "gone": "x"}), thing("removed")]
    new = [thing("changed", spec={"a": 2, "l": [2, 1], "new": "y"}), *[thing("added", data={"k": "v"})]]
    assert diff_text.render(document(old, new), False) == (
        "- prod/s ConfigMap removed  (kind/manifests/one.yaml)\n"
        "\n"
        "~ prod/s ConfigMap changed  (kind/manifests/one.yaml)\n"
        "    ~ spec.a: 1 → 2\n"
        "    ~ spec.l: [1, 2] ⇅ [2, 1]\n"
        "    + spec.new: y\n"
        "    - spec.gone: x\n"
        "\n"
        "+ prod/s ConfigMap added  (kind/manifests/one.yaml)\n"
        "\n"
        "1 removed, 1 changed, 1 added (4 fields): the working tree against HEAD (0123)\n"
    )


def test_the_numbers_alone() -> None:
    diff = document([thing("a", spec={"x": 1})], [thing("a", spec={"x": 2})])
    line = f"{HERE}  1 changed (1 field)"
    assert diff_text.stat(diff, False) == f"{line}\n1 file: 1 changed (1 field)\n"
    assert line in diff_markdown.stat(diff)
    assert diff_text.stat(document([], []), False).startswith("no differences")
