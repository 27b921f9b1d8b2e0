"""Run the command line with a field more in every type of the language and of the Blueprint.

In: the arguments of `mlopsctl`. The field has an empty default and is used by nobody, as a new field of the next
version is by the specs of today. Prints how many types it was added to on standard error.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType

LANGUAGE = re.compile(r"mlopsctl\.(spec|blueprint\.model)\..+|mlopsctl\.engines\.\w+\.settings")
BASES = {"Section", "_Source", "_TableSource", "LockedVersion", "Record"}
BASES |= {"EngineSettings", "FeatureStoreSettings", "MonitoringSettings", "RegistrySettings"}
ADDED = "added_by_the_next_version"
grown: list[str] = []


class Grow(SourceFileLoader):
    """Loads a module of the language with `added_by_the_next_version: str | None = None` in each of its types."""

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002 - the protocol's
        """Compile the changed source; nothing of it is kept on disk."""
        tree = ast.parse(self.get_data(self.path))
        for node in ast.walk(tree):
            bases = {base.id for base in getattr(node, "bases", ()) if isinstance(base, ast.Name)}
            if isinstance(node, ast.ClassDef) and bases & BASES:
                node.body.append(ast.parse(f"{ADDED}: str | None = None").body[0])
                grown.append(node.name)
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


class Finder(MetaPathFinder):
    """Finds the modules of the language before anybody else does."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - the protocol's
        """Return the usual place of a module, to be loaded with the added field."""
        module_spec = PathFinder.find_spec(name, path) if LANGUAGE.fullmatch(name) else None
        if module_spec and module_spec.origin and module_spec.origin.endswith(".py"):
            module_spec.loader = Grow(name, module_spec.origin)
        return module_spec


if __name__ == "__main__":
    sys.meta_path.insert(0, Finder())
    from mlopsctl.cli import main

    try:
        main()
    finally:
        print(f"grown {len(grown)}", file=sys.stderr)
