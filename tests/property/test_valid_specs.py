"""Whatever a valid spec says, it renders, and every file is read by the readers of its kind."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path

import promql_parser
import yaml
from hostile import counts
from hypothesis import HealthCheck, given, settings
from property.rendering import compiled, files
from property.specs import lock, systems

from mlopsctl.diagnostics.model import Severity

LENIENT = settings(
    max_examples=counts.times(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@LENIENT
@given(systems())
def test_a_valid_spec_renders_without_an_error(system):
    rendered, diagnostics = compiled(json.dumps(system, ensure_ascii=False), json.dumps(lock()))
    assert not [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    assert rendered
    assert files(rendered) == files(compiled(json.dumps(system, ensure_ascii=False), json.dumps(lock()))[0])


@LENIENT
@given(systems())
def test_every_file_is_read_by_the_reader_of_its_kind(system):
    for path, text in files(compiled(json.dumps(system, ensure_ascii=False), json.dumps(lock()))[0]).items():
        if path.endswith(".py"):
            ast.parse(text)
        elif path.endswith(".json"):
            json.loads(text)
        else:
            for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
                for group in (document.get("spec") or {}).get("groups") or [] if isinstance(document, dict) else []:
                    for rule in group["rules"]:
                        promql_parser.parse(rule["expr"])


@settings(LENIENT, max_examples=counts.times(25))
@given(systems())
def test_every_object_conforms_to_the_real_schemas(oracles, system):
    checker = _checker(oracles)
    for path, text in files(compiled(json.dumps(system, ensure_ascii=False), json.dumps(lock()))[0]).items():
        if "/manifests/" not in path:
            continue
        for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
            group, _, version = str(document["apiVersion"]).rpartition("/")
            validator, note = checker.validator(group, version, document["kind"])
            assert validator is not None and note is None, note
            assert not [f"{path}: {error.message}" for error in validator.iter_errors(document)]
            assert not list(checker.pod_findings(document)), path


def _checker(oracles: Path):
    spec = importlib.util.spec_from_file_location("check_manifests", oracles / "check_manifests.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
