"""`train`: run the user's training code, and package the model.

The same rows, parameters, code and contract always have the same run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mlopsctl.runtime.backends import chosen, registry
from mlopsctl.runtime.data.artifacts import Dataset, read_dataset, write_parameter, written_whole
from mlopsctl.runtime.model import package, training_code, user_code
from mlopsctl.runtime.model.contracts import contract
from mlopsctl.runtime.run_outcome import recorded
from mlopsctl.runtime.scoring.contract import Contract
from mlopsctl.runtime.step_context import StepContext, StepFailed
from mlopsctl.secrets.values import masked

_LONGEST_VALUE = 6000
"""The maximum length of a parameter's value in MLflow."""


def run(step_context: StepContext) -> None:
    """Train, package, and log the run."""
    folder = step_context.input("train")
    data = read_dataset(folder)
    params = parameters(step_context)
    promised = contract(step_context)
    runs = chosen.registry(step_context)
    run_id = runs.begin(_key(step_context, data, params, promised), _tags(step_context))
    step_context.log.say(f"training on {len(data.rows)} rows, {len(data.inputs.columns)} columns", run=run_id)
    runs.conclude(run_id, registry.TRAINING)
    runs.log(run_id, _texts(step_context, params), {"training_rows": len(data.rows)})
    with recorded(step_context, run_id), runs.running(run_id):
        started = time.monotonic()
        estimator = training_code.estimator(step_context, data, folder, params)
        seconds = time.monotonic() - started
        with written_whole(step_context.output("model")) as place:
            package.save(step_context, place, estimator, promised, data.rows.head(20), run_id)
        runs.log(run_id, {}, {"training_seconds": seconds})
    write_parameter(step_context.outputs.get("run-id"), run_id)
    step_context.log.say(f"trained in {seconds:.1f} s", seconds=round(seconds, 3), run=run_id)


def parameters(step_context: StepContext) -> dict[str, Any]:
    """Return the training code's parameters: those of this run override those of the spec."""
    text = step_context.parameters.get("params", "")
    try:
        overrides = json.loads(text) if text else {}
    except ValueError as error:
        raise StepFailed(f"the parameter `params` is not JSON: {error}") from None
    if not isinstance(overrides, dict):
        raise StepFailed("the parameter `params` must be a JSON object")
    return {**step_context.model.params, **overrides}


def _tags(step_context: StepContext) -> dict[str, str]:
    identity = step_context.blueprint.identity
    return {
        **registry.tags_of(step_context.model),
        registry.SYSTEM: identity.system,
        registry.ENVIRONMENT: identity.environment,
        registry.SPEC_HASH: step_context.parameters.get("spec-hash", ""),
    }


def _key(step_context: StepContext, data: Dataset, params: Mapping[str, Any], promised: Contract) -> str:
    """Hash the dependencies of a package: rows, parameters, seed, code and contract."""
    digest = hashlib.sha256()
    model = step_context.model
    parts = [data.schema.hash, params, model.seed, model.entrypoint, list(model.command), model.image]
    parts += [list(model.requirements)] if model.requirements else []
    parts += [asdict(promised), package.served_bare(step_context, promised)]
    digest.update(json.dumps(parts, sort_keys=True, default=str).encode())
    for file in _code(step_context, promised):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _code(step_context: StepContext, promised: Contract) -> list[Path]:
    """List the user's files that training may run or the package keeps."""
    paths = [file for name in package.modules(step_context, promised) for file in user_code.sources(name)]
    modules = user_code.modules_in(step_context.root) if step_context.model.command else []
    return [*paths, *(file for module in modules for file in user_code.python_files(module))]


def _texts(step_context: StepContext, params: Mapping[str, Any]) -> dict[str, str]:
    """Return the run's parameters as text; secrets in them are masked."""
    texts = {}
    for name, value in sorted({**params, "seed": step_context.model.seed}.items()):
        masked_value = masked(value, name)
        text = masked_value if isinstance(masked_value, str) else json.dumps(masked_value, default=str)
        texts[name] = step_context.log.mask(text)[:_LONGEST_VALUE]
    return texts
