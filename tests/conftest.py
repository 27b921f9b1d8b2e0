"""What every test may ask for: outside tools, golden texts, the strict schemas, other Pythons.

A missing tool skips the test and says how to get it; with MLOPSCTL_REQUIRE_TOOLS set (as continuous
integration does) it fails instead, so that a green run has run everything.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import settings
from interpreters import core_environment, interpreter, run_environment
from libraries import Missing, library

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
MARKERS = {
    **dict.fromkeys(("promtool", "prometheus", "amtool", "kubeconform", "kustomize", "argo_lint"), "gotools"),
    **dict.fromkeys(
        ("kube_apiserver", "etcd", "docker_registry", "actionlint", "cortex_lint", "cron_gaps", "secret_samples"),
        "gotools",
    ),
    **dict.fromkeys(("argo_value", "node", "node_modules"), "gotools"),
    "oracles": "shared",
    "pythons": "pythons",
    "other_python": "pythons",
    **dict.fromkeys(("polyaxon", "kale"), "oracle"),
    "great_expectations": "oracle",
    **dict.fromkeys(("hopsworks", "neptune"), "oracle"),
}

# How long an example takes says nothing on a machine that does other things too.
settings.register_profile("mlopsctl", deadline=None)
settings.load_profile("mlopsctl")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite golden texts instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--golden") and os.environ.get("CI"):
        raise pytest.UsageError("--golden rewrites what the tests compare with: not in continuous integration")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for; with --golden, keep only those that have a golden text."""
    for item in items:
        for marker in {MARKERS[name] for name in getattr(item, "fixturenames", ()) if name in MARKERS}:
            item.add_marker(marker)
    if config.getoption("--golden"):
        kept = [item for item in items if "golden" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def missing(reason: str) -> None:
    """Skip the test, or fail it where every tool has to be there."""
    if os.environ.get("MLOPSCTL_REQUIRE_TOOLS"):
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> Path:
    """Find a program in .tools/bin, then on the PATH."""
    program = shutil.which(name, path=f"{TOOLS / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        missing(f"{name} is not here: run `make tools`")
    return Path(str(program))


@pytest.fixture(scope="session")
def promtool() -> Path:
    return tool("promtool")


@pytest.fixture(scope="session")
def prometheus() -> Path:
    return tool("prometheus")


@pytest.fixture(scope="session")
def amtool() -> Path:
    return tool("amtool")


@pytest.fixture(scope="session")
def kubeconform() -> Path:
    return tool("kubeconform")


@pytest.fixture(scope="session")
def kustomize() -> Path:
    return tool("kustomize")


@pytest.fixture(scope="session")
def argo_lint() -> Path:
    return tool("argo-lint")


@pytest.fixture(scope="session")
def argo_value() -> Path:
    return tool("argo-value")


@pytest.fixture(scope="session")
def cortex_lint() -> Path:
    return tool("cortex-lint")


@pytest.fixture(scope="session")
def cron_gaps() -> Path:
    return tool("cron-gaps")


@pytest.fixture(scope="session")
def secret_samples() -> Path:
    return tool("secret-samples")


@pytest.fixture(scope="session")
def kube_apiserver() -> Path:
    return tool("kube-apiserver")


@pytest.fixture(scope="session")
def etcd() -> Path:
    return tool("etcd")


@pytest.fixture(scope="session")
def docker_registry() -> Path:
    return tool("docker-registry")


@pytest.fixture(scope="session")
def actionlint() -> Path:
    return tool("actionlint")


@pytest.fixture(scope="session")
def node() -> Path:
    return tool("node")


@pytest.fixture(scope="session")
def node_modules(node: Path) -> Path:
    """Give the folder with the packages `yaml` and `js-yaml`, for NODE_PATH."""
    folder = TOOLS / "node_modules"
    if not (folder / "yaml").is_dir() or not (folder / "js-yaml").is_dir():
        missing("the JavaScript YAML parsers are not here: run `make tools`")
    return folder


@pytest.fixture(scope="session")
def oracles() -> Path:
    """Give the folder with the strict schemas of the real kinds and their checker."""
    folder = ROOT.parent / "shared" / "oracles"
    if not folder.is_dir():
        pytest.skip("the strict schemas of the real kinds are not beside this checkout (../shared/oracles)")
    return folder


def engine_library(name: str) -> Path:
    """Find the interpreter of an engine's own library, or make its environment."""
    try:
        return library(name)
    except Missing as reason:
        missing(str(reason))
        raise


@pytest.fixture(scope="session")
def polyaxon() -> Path:
    return engine_library("polyaxon")


@pytest.fixture(scope="session")
def kale() -> Path:
    return engine_library("kale")


@pytest.fixture(scope="session")
def great_expectations() -> Path:
    return engine_library("great-expectations")


@pytest.fixture(scope="session")
def hopsworks() -> Path:
    return engine_library("hopsworks")


@pytest.fixture(scope="session", params=["2", "3"])
def neptune(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """Give each generation of Neptune's client, and the interpreter that has it."""
    return request.param, engine_library(f"neptune-{request.param}")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with its golden file, or write that file with --golden."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            return
        if not path.is_file():
            pytest.fail(f"no golden text {path}: run `make golden` and read what it wrote")
        expected = path.read_bytes().decode()
        if expected != text:
            old, new = expected.splitlines(keepends=True), text.splitlines(keepends=True)
            difference = "".join(unified_diff(old, new, fromfile=str(path), tofile="rendered now"))
            pytest.fail(f"{path.name} differs; `make golden` rewrites it\n{difference}", pytrace=False)

    return compare


@pytest.fixture(scope="session")
def pythons() -> Mapping[str, Path]:
    """Give an interpreter with only the core installed for each other Python found, by version."""
    pythons = {version: path for version in ("3.12", "3.13") if (path := interpreter(version)) is not None}
    if set(pythons) != {"3.12", "3.13"}:
        missing("Python 3.12 and 3.13 are needed to compare what different versions render")
    return {version: core_environment(path, TOOLS / "pythons", ROOT) for version, path in pythons.items()}


@pytest.fixture(scope="session")
def other_python() -> Path:
    """Give an interpreter with the extra `run`, of the one Python it supports that does not run these tests."""
    version = "3.11" if sys.version_info >= (3, 12) else "3.12"
    python = interpreter(version)
    if python is None:
        missing(f"Python {version} is needed to run the steps on it")
    return run_environment(Path(str(python)), TOOLS / "pythons", ROOT)
