"""The model server's environment: what it holds, and that it is what the extra and the pins say."""

from __future__ import annotations

import tomllib
from pathlib import Path

from mlopsctl.runtime.local import serve_environment

ROOT = Path(__file__).resolve().parents[4]


def test_the_server_is_the_one_of_the_extra_and_of_the_pins() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["serve"]
    assert set(serve_environment.SERVER) <= set(extra)
    pins = (ROOT / "constraints" / "serve.txt").read_text().splitlines()
    assert {line for line in serve_environment.SERVER if "==" in line} <= set(pins)


def test_the_models_own_versions_win_over_the_pins(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("# pins\nscikit_learn==1.5.2\nfastapi==0.115.14\n")
    assert serve_environment._pins(pins, ["scikit-learn==1.4.2", "mlserver==1.7.1"]) == ["fastapi==0.115.14"]
    assert serve_environment._pins(None, []) == []
