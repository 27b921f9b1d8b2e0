"""Open a file context with the real library, and say what it read; with rows, run its checkpoint.

Called by `test_great_expectations.py` in the library's own environment: PROJECT holds `gx/`, and the current folder
what the context's data source leads to.
"""

from __future__ import annotations

import json
import sys

import great_expectations as gx


def main(project: str, name: str, running: bool) -> None:
    """Print types and ids of the loaded suite, and whether the checkpoint held."""
    context = gx.get_context(mode="file", project_root_dir=project)
    suite = context.suites.get(name)
    said = {
        "expectations": [
            [expectation.expectation_type, expectation.id, str(expectation.severity.value)]
            for expectation in suite.expectations
        ],
        "definitions": [definition.name for definition in context.validation_definitions.all()],
        "success": None,
    }
    if running:
        said["success"] = context.checkpoints.get(name).run().success
    sys.stdout.write("\n" + json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "run" in sys.argv)
