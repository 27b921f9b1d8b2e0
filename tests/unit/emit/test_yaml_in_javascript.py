"""Two YAML readers written in another language see the values we wrote."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from unit.emit.hostile_text import KNOWN, random_texts

from mlopsctl.emit.yaml import dumps

READERS = {
    "yaml": "text => require('yaml').parse(text)",
    "yaml-1.1": "text => require('yaml').parse(text, {version: '1.1'})",
    "js-yaml": "text => require('js-yaml').load(text)",
}
SCRIPT = """
const fs = require('fs'), assert = require('assert');
const read = %s;
const meant = JSON.parse(fs.readFileSync('value.json', 'utf8'));
const found = read(fs.readFileSync('value.yaml', 'utf8'));
assert.deepStrictEqual(JSON.parse(JSON.stringify(found)), meant);
"""


@pytest.mark.parametrize("reader", READERS)
def test_a_foreign_reader_sees_the_same_values(reader, node: Path, node_modules: Path, tmp_path: Path):
    words = [*KNOWN, *random_texts(2000)]
    value = {"items": words, "keys": dict.fromkeys(words, "x"), "deep": [[{each: [each]}] for each in words]}
    (tmp_path / "value.json").write_text(json.dumps(value))
    (tmp_path / "value.yaml").write_text(dumps(value), encoding="utf-8")
    environment = {**os.environ, "NODE_PATH": str(node_modules)}
    result = subprocess.run(
        [node, "-e", SCRIPT % READERS[reader]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[:2000]
