from __future__ import annotations

import subprocess
import sys

import pytest
from blueprints import blueprints

from mlopsctl.runtime.steps import VERBS, step

EXAMPLES = (("quickstart", "local"), ("payments", "dev"), ("payments", "prod"), ("demand-forecast", "prod"))


@pytest.mark.parametrize(("example", "environment"), EXAMPLES)
def test_every_step_of_a_blueprint_is_a_verb(example: str, environment: str) -> None:
    used = {
        step.verb
        for blueprint in blueprints(example, environment).values()
        for p in blueprint.pipelines
        for step in p.steps
    }
    assert used
    assert used <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_step(verb: str) -> None:
    assert callable(step(verb))


def test_a_word_that_is_no_verb_has_none() -> None:
    with pytest.raises(KeyError):
        step("__init__")


def test_no_step_imports_a_heavy_library_before_it_runs() -> None:
    code = (
        "import sys\nfrom mlopsctl.runtime.steps import VERBS, step\n[step(verb) for verb in VERBS]\n"
        "heavy = {'feast', 'mlflow', 'pandas', 'numpy', 'sklearn', 'deepchecks', 'kubernetes', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
