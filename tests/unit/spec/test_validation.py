"""From a tree to typed sections: the right code, the right place, and no second finding for one cause."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import pytest

from mlopsctl.source.reader import read
from mlopsctl.spec.system import MLSystem
from mlopsctl.spec.validation import validate

HEAD = "apiVersion: mlopsctl.dev/v1alpha1\nkind: MLSystem\n"


def diagnostics(text: str) -> list[tuple[str, str, str]]:
    node, findings = read(text.encode(), "x")
    assert node is not None and findings == ()
    return [(diagnostic.code, diagnostic.path, diagnostic.help) for diagnostic in validate(MLSystem, node)[1]]


SPEC = HEAD + "metadata: {name: a, owner: b}\nspec:\n"
TABLE = [
    ("  modl: {}", "MLC101", "spec.modl", "did you mean `model`?"),
    ("  features: {entities: {a: {keys: [x, y], type: string}}}", "MLC101", "spec.features.entities.a.keys", "write `key: column`: an entity has one key; combine several key columns into one in the source"),
    ("  features: {entities: {a: {joinKeys: [x], type: string}}}", "MLC101", "spec.features.entities.a.joinKeys", "write `key: column`: an entity has one key; combine several key columns into one in the source"),
    ("  features: {views: {a: {entity: e, sources: [s], ttl: 1h, fields: [x]}}}", "MLC101", "spec.features.views.a.sources", "did you mean `source`? It takes one value: `source: s`"),
    ("  features: {views: {a: {entity: e, source: s, ttl: 1h, fields: [x], tag: {a: b}}}}", "MLC101", "spec.features.views.a.tag", "did you mean `tags`?"),
    ("  data: {}", "MLC102", "spec.data.sources", "add `sources:`"),
    ("  data: []", "MLC103", "spec.data", "write its keys below it, indented"),
    ("  data: {sources: {}}", "MLC105", "spec.data.sources", "give at least 1"),
    ("  data: {sources: {a: {type: prquet}}}", "MLC104", "spec.data.sources.a", "did you mean `parquet`?"),
    ("  data: {sources: {a: {type: 5}}}", "MLC104", "spec.data.sources.a", "use one of parquet, csv, bigquery, snowflake, redshift, postgres, spark, trino"),
    ("  data: {sources: {a: {}}}", "MLC104", "spec.data.sources.a", "add `type:`"),
    ("  alerts: {drift: {severity: 5}}", "MLC105", "spec.alerts.drift.severity", "use page or ticket"),
    ("  alerts: {drift: {severity: Page}}", "MLC105", "spec.alerts.drift.severity", "did you mean `page`?"),
    ("  alerts: {rules: {Low: {expr: 'up <', severity: page, summary: s}}}", "MLC111", "spec.alerts.rules.Low.expr", "try it in the Prometheus expression browser first"),
    ("  alerts: {rules: {low_score: {expr: up, severity: page, summary: s}}}", "MLC112", "spec.alerts.rules.low_score", "write CamelCase, such as FraudScoresCollapsed"),
    ("  output: ../elsewhere", "MLC105", "spec.output", "write a folder below the repository's root and outside of `.git`, as generated"),
    ("  output: /etc", "MLC105", "spec.output", "write a folder below the repository's root and outside of `.git`, as generated"),
    ("  serving: {endpoints: {Fraud_Scorer: {model: champion}}}", "MLC112", "spec.serving.endpoints.Fraud_Scorer", "did you mean `fraud-scorer`?"),
    ("  serving: {endpoints: {a: {model: champion, replicas: {min: 1.5}}}}", "MLC103", "spec.serving.endpoints.a.replicas.min", "write digits only, without quotes"),
    ("  serving: {endpoints: {a: {model: champion, replicas: {min: 5000}}}}", "MLC105", "spec.serving.endpoints.a.replicas.min", "use 1000 or less"),
    ("  serving: {endpoints: {a: {model: champion, rollout: {strategy: canary, steps: 5, pause: 1h}}}}", "MLC103", "spec.serving.endpoints.a.rollout.steps", "write `[first, second]`, or one entry per line after `- `"),
    ("  serving: {endpoints: {a: {model: champion, rollout: {strategy: canary, steps: [], pause: 1h}}}}", "MLC105", "spec.serving.endpoints.a.rollout.steps", "give at least 1"),
    ("  checks: {gates: {f1: {max_drop: 1}}}", "MLC101", "spec.checks.gates.f1.max_drop", "did you mean `maxDrop`?"),
    ("  features: {views: {v: {entity: e, source: s, ttl: 1h, fields: [a, a]}}}", "MLC105", "spec.features.views.v.fields", "keep one of the two"),
    ("  features: {views: {v: {entity: e, source: s, ttl: 1h, fields: {a: text}}}}", "MLC105", "spec.features.views.v.fields", "use string, bool, bytes, int32, int64, float32, float64, timestamp, or array<...> of one"),
    ("  features: {entities: {import: {key: a, type: string}}}", "MLC112", "spec.features.entities.import", "choose another name"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "path", "help"), TABLE, ids=[row[0].strip()[:60] for row in TABLE])
def test_each_mistake_has_its_code_its_path_and_a_way_out(text: str, code: str, path: str, help: str) -> None:
    assert diagnostics(SPEC + text + "\n") == [(code, path, help)]


def test_a_document_that_says_little_of_itself_is_read_on() -> None:
    text = "spec:\n  output: /etc\n"
    assert {(code, path) for code, path, _ in diagnostics(text)} == {
        ("MLC102", "apiVersion"), ("MLC102", "kind"), ("MLC102", "metadata"), ("MLC105", "spec.output"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["5\n", "[a]\n", "text\n", "true\n"])
def test_a_document_that_is_no_mapping_is_told_once(text: str) -> None:
    assert [code for code, _, _ in diagnostics(text)] == ["MLC103"]


def test_a_misspelt_key_that_must_be_there_is_told_once() -> None:
    text = SPEC + "  data: {sources: {a: {type: csv, pth: a.csv, eventTime: t, columns: {b: {type: bool}}}}}\n"
    assert diagnostics(text) == [("MLC101", "spec.data.sources.a.pth", "did you mean `path`?")]


def test_a_key_that_is_there_already_is_not_what_was_meant() -> None:
    text = SPEC + "  alerts: {routes: {page: slack/a}, route: {page: slack/b}, rules: {}}\n"
    (finding,) = diagnostics(text)
    assert finding[:2] == ("MLC101", "spec.alerts.route")
    assert "`routes`" in finding[2]
    assert not finding[2].startswith("did you mean `routes`")


def test_what_an_unknown_key_may_mean_is_uncertain_and_not_gone() -> None:
    node, _ = read((SPEC + "  modl: {}\n  alerts: {}\n").encode(), "x")
    assert node
    _, _, lost = validate(MLSystem, node)
    assert lost.left_out == {("spec", "modl")}
    assert ("spec", "model") in lost.uncertain
    assert ("spec", "alerts") not in lost.uncertain


def test_hundreds_of_mistakes_are_all_told_and_in_good_time() -> None:
    many = "".join(
        f"      s{i}: {{type: csv, path: a.csv, eventTime: 5, columns: {{b: {{type: bul}}}}}}\n" for i in range(300)
    )
    assert len(diagnostics(SPEC + "  data:\n    sources:\n" + many)) == 600
