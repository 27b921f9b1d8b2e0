"""Models of registries that cannot be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlopsctl.diagnostics.model import Severity
from mlopsctl.lock.uses import Use
from mlopsctl.registries.resolver import Machine, resolve


@pytest.mark.oracle
@pytest.mark.parametrize(("named", "severity"), [(False, Severity.WARNING), (True, Severity.ERROR)])
def test_models_of_a_registry_that_cannot_be_asked_are_left_to_a_person(
    named: bool, severity: Severity, tmp_path: Path
) -> None:
    use = Use("prod", "models", "m@champion", ("s",), True, "direct", None, "mlops.yaml", "neptune", "https://neptune")
    values, diagnostics = resolve([use], [use] if named else [], Machine(tmp_path, {}, print), frozenset())
    assert values == []
    assert [(diagnostic.code, diagnostic.severity, diagnostic.help) for diagnostic in diagnostics] == [
        ("MLC933", severity, "write the entry by hand")
    ]
    assert "are in neptune, which `lock` does not support" in diagnostics[0].message
