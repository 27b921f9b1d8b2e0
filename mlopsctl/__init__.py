"""mlopsctl: a declarative GitOps compiler for machine-learning systems.

The public API is what `__all__` names; its modules load when a name is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlopsctl.api import Checked, Rendered, blueprint, check, load, plan, render, write
    from mlopsctl.errors import MlopsctlError, OperationError, SpecError, UsageError
    from mlopsctl.project.discovery import Project

__version__ = "0.1.0"

__all__ = [
    "Checked",
    "MlopsctlError",
    "OperationError",
    "Project",
    "Rendered",
    "SpecError",
    "UsageError",
    "__version__",
    "blueprint",
    "check",
    "load",
    "plan",
    "render",
    "write",
]

_ERRORS = ("MlopsctlError", "OperationError", "SpecError", "UsageError")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "mlopsctl.errors" if name in _ERRORS else "mlopsctl.api"
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keep `mlopsctl.plan` and `mlopsctl.blueprint` functions when the packages of these names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in ("blueprint", "plan") and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted(__all__)
