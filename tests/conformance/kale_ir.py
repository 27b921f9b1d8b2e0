"""Compile notebooks with Kale to KFP's intermediate representation.

Runs in an environment that has Kale and nothing of ours. In: a folder to work in, and notebooks. Out: on standard
output, as JSON, for each notebook its pipeline's graph as Kale sees it and the compiled documents, or why it is
refused.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat  # type: ignore[import-not-found]
import yaml
from kale.common import kfputils  # type: ignore[import-not-found]
from kale.compiler import Compiler  # type: ignore[import-not-found]
from kale.processors import NotebookProcessor  # type: ignore[import-not-found]


def compiled(path: str) -> dict[str, Any]:
    """Return what Kale makes of a notebook."""
    try:
        nbformat.validate(nbformat.read(path, as_version=4))
        processor = NotebookProcessor(path)
        pipeline = processor.run()
        code = Compiler(pipeline, processor.get_imports_and_functions()).compile()
        ir = kfputils.compile_pipeline(code, pipeline.config.pipeline_name)
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    documents = list(yaml.safe_load_all(Path(ir).read_text(encoding="utf-8")))
    return {
        "edges": sorted(list(edge) for edge in pipeline.edges),
        "limits": {step.name: dict(step.config.limits) for step in pipeline.steps},
        "ir": documents[0],
        "platform": documents[1]["platforms"]["kubernetes"]["deploymentSpec"]["executors"],
        "code": Path(code).read_text(encoding="utf-8"),
    }


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    results = {path: compiled(path) for path in sys.argv[2:]}
    json.dump(results, sys.stdout)
