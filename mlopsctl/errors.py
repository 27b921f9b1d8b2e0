"""The errors that the package raises; the command line prints them and maps them to exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlopsctl.diagnostics.model import Diagnostic, Severity


class MlopsctlError(Exception):
    """Base of every error raised on purpose. `str()` is one sentence for a person."""


class UsageError(MlopsctlError):
    """An argument cannot be used as given: a path, a git ref, an environment. The command line exits with 2."""


class OperationError(MlopsctlError):
    """A file, git, a registry or a cluster failed. The command line exits with 1."""


class SpecError(MlopsctlError):
    """The specs have errors. `diagnostics` has all diagnostics, warnings included."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
        first = f": {errors[0].code} {errors[0].message}" if errors else ": there is no spec to compile"
        super().__init__(f"the specs have {len(errors)} error{'s' * (len(errors) != 1)}{first}")


class ProjectError(SpecError):
    """A project that cannot be used as it is: the findings, and what is needed to show their lines.

    Findings name files from `root`; `edited` holds the content of files that was not written.
    """

    def __init__(
        self,
        diagnostics: tuple[Diagnostic, ...],
        environments: tuple[str, ...],
        root: Path,
        edited: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(diagnostics)
        self.environments = environments
        self.root = root
        self.edited = edited
