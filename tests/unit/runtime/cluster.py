"""A cluster for tests: a kubeconfig of a stub server, and objects that change by JSON patch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from unit.runtime.doubles import Request


def kubeconfig(folder: Path, address: str) -> dict[str, str]:
    """Write a kubeconfig, and return the environment that names it."""
    file = folder / "kubeconfig"
    named = {"name": "stub"}
    text = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{**named, "cluster": {"server": address}}],
        "users": [{**named, "user": {}}],
        "contexts": [{**named, "context": {"cluster": "stub", "user": "stub"}}],
        "current-context": "stub",
    }
    file.write_text(json.dumps(text))
    return {"KUBECONFIG": str(file)}


class Objects:
    """Serves one object, and changes it by the operations that are asked for; `lost` requests are refused first."""

    def __init__(self, spec: dict[str, Any], lost: int = 0) -> None:
        self.version = 1
        self.spec = spec
        self.lost = lost

    def __call__(self, request: Request) -> tuple[int, Any]:
        if request.method == "PATCH":
            assert request.headers["Content-Type"] == "application/json-patch+json", request.headers
            if self.lost:
                self.lost -= 1
                self.version += 1
                return 422, {"reason": "Invalid"}
            test, *operations = request.body
            assert test == {"op": "test", "path": "/metadata/resourceVersion", "value": str(self.version)}
            for operation in operations:
                self._set(operation["path"], operation["value"])
            self.version += 1
        return 200, {"metadata": {"resourceVersion": str(self.version)}, "spec": self.spec}

    def _set(self, path: str, value: Any) -> None:
        place: Any = {"spec": self.spec}
        *above, last = path.strip("/").split("/")
        for part in above:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[last] = value
