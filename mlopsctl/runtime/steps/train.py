"""`train`: run the user's training code, and pack what it made.

In: `train`; parameters `params` (JSON) and `spec-hash`. Out: `model`, a package, and `run-id`, the tracked run. The
same rows, parameters, code and contract belong to the same run, however often the step is called.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mlopsctl.runtime import package, registry, training_code, user_code
from mlopsctl.runtime.artifacts import Dataset, made, read_dataset, write_parameter
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.contracts import contract
from mlopsctl.runtime.served.contract import Contract

_LONGEST_VALUE = 6000
"""What MLflow takes as the value of a parameter."""


def run(call: Call) -> None:
    """Train, pack, and log the run."""
    folder = call.input("train")
    data = read_dataset(folder)
    params = parameters(call)
    promised = contract(call)
    runs = registry.opened(call)
    run_id = runs.begin(_key(call, data, params, promised), _tags(call))
    call.log.say(f"training on {len(data.rows)} rows, {len(data.inputs.columns)} columns", run=run_id)
    with runs.running(run_id):
        started = time.monotonic()
        estimator = training_code.estimator(call, data, folder, params)
        seconds = time.monotonic() - started
        with made(call.output("model")) as place:
            package.save(call, place, estimator, promised, data.rows.head(20))
        measured = {"training_rows": len(data.rows), "training_seconds": seconds}
        runs.log(run_id, _texts(call, params), measured)
    write_parameter(call.outputs.get("run-id"), run_id)
    call.log.say(f"trained in {seconds:.1f} s", seconds=round(seconds, 3), run=run_id)


def parameters(call: Call) -> dict[str, Any]:
    """Return the training code's parameters: those of this run over those of the spec."""
    text = call.parameters.get("params", "")
    try:
        found = json.loads(text) if text else {}
    except ValueError as error:
        raise Broken(f"the parameter `params` is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Broken("the parameter `params` must be a JSON object")
    return {**call.model.params, **found}


def _tags(call: Call) -> dict[str, str]:
    identity = call.blueprint.identity
    return {
        **{str(name): str(value) for name, value in call.model.tags.items()},
        registry.SYSTEM: identity.system,
        registry.ENVIRONMENT: identity.environment,
        registry.SPEC_HASH: call.parameters.get("spec-hash", ""),
    }


def _key(call: Call, data: Dataset, params: Mapping[str, Any], promised: Contract) -> str:
    """Hash what a package depends on: rows, parameters, seed, code, and what it promises to its server."""
    digest = hashlib.sha256()
    model = call.model
    words = [data.schema.hash, params, model.seed, model.entrypoint, list(model.command), model.image]
    words += [asdict(promised), package.served_bare(call, promised)]
    digest.update(json.dumps(words, sort_keys=True, default=str).encode())
    for file in _code(call, promised):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _code(call: Call, promised: Contract) -> list[Path]:
    """List the user's files that training may run or the package keeps."""
    found = [file for name in package.modules(call, promised) for file in user_code.sources(name)]
    modules = user_code.beside(call.root) if call.model.command else []
    return [*found, *(file for module in modules for file in user_code.python_files(module))]


def _texts(call: Call, params: Mapping[str, Any]) -> dict[str, str]:
    """Write what the run was made with; secrets that came in as parameters are masked."""
    found = {}
    for name, value in sorted({**params, "seed": call.model.seed}.items()):
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        found[name] = call.log.mask(text)[:_LONGEST_VALUE]
    return found
