"""Apply a rendered project to a Hopsworks in memory, twice, and print what was posted.

In: the project's folder, a scratch folder. Out: JSON, a list of kind and body.
"""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), sys.argv[1]]
from hopsworks_server import started, store  # noqa: E402


def main() -> None:
    server = started(Path(sys.argv[2]))
    with redirect_stdout(StringIO()):
        module = importlib.import_module("feature_store")
        module.apply(store())
        once = len(server.posted)
        module.apply(store())
    assert len(server.posted) == once, "what is there is posted again"
    print(json.dumps(server.posted))


main()
