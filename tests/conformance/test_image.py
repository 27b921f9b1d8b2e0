"""The image of the steps is built from pins, as a user without rights, out of what it needs and nothing else."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import NamedTuple

import pytest

from mlopsctl.blueprint.model.pipelines import PATHS
from mlopsctl.engines.shared import kubernetes, steps

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


class Instruction(NamedTuple):
    """One instruction, its lines joined."""

    word: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines()]


FOUND = instructions(DOCKERFILE)
FINAL = FOUND[max(i for i, instruction in enumerate(FOUND) if instruction.word == "FROM") :]


def rest(word: str, among: list[Instruction] = FOUND) -> list[str]:
    return [instruction.rest for instruction in among if instruction.word == word]


def test_the_base_has_to_be_named_and_is_the_only_one() -> None:
    assert FOUND[0] == Instruction("ARG", "BASE")
    assert {line.split()[0] for line in rest("FROM")} == {"${BASE}"}
    assert re.search(r"BASE=python:3\.1[12]-slim@sha256:", DOCKERFILE)
    assert not re.search(r"sha256:[0-9a-f]{6}", DOCKERFILE), "a digest belongs to whoever builds"


def test_the_user_is_the_one_that_pods_ask_for_and_has_no_rights() -> None:
    (user,) = rest("USER", FINAL)
    context = kubernetes.pod_security()
    assert user == f"{context['runAsUser']}:{context['runAsGroup']}"
    assert int(user.partition(":")[0]) > 0
    words = [instruction.word for instruction in FINAL]
    assert words.index("USER") > max(words.index("COPY"), words.index("WORKDIR"))
    assert "RUN" not in words, "what the last stage runs, it keeps"


def test_the_program_of_rendered_containers_is_the_images_own() -> None:
    (entry,) = rest("ENTRYPOINT")
    assert json.loads(entry) == steps.PROGRAM
    assert json.loads(rest("CMD")[0]) == ["--help"]
    (variables,) = rest("ENV", FINAL)
    assert "PATH=/opt/mlopsctl/bin:" in variables
    assert f"HOME={PATHS.temporary}" in variables


def test_nothing_is_fetched_from_an_address() -> None:
    assert rest("ADD") == []
    assert not re.search(r"https?://|\bcurl\b|\bwget\b|\bapt(-get)?\b|\bsudo\b|--index-url|:latest", DOCKERFILE)


def test_everything_is_installed_at_the_pins_and_no_cache_is_kept() -> None:
    installs = [part.strip() for line in rest("RUN") for part in line.split("&&") if " install " in f" {part} "]
    assert len(installs) == 3
    for install in installs:
        assert "--constraint" in install or "--no-deps" in install, install
        assert install.startswith("uv ") or "--no-cache-dir" in install, install
    libraries = next(install for install in installs if "--extra" in install)
    assert libraries.count("--constraint") == 3
    for pins in ("core", "run", "clients"):
        assert f"--constraint constraints/{pins}.txt" in libraries
    assert "UV_NO_CACHE=1" in rest("ENV")[0]
    assert "UV_COMPILE_BYTECODE=1" in rest("ENV")[0]


def test_the_extra_that_is_installed_is_the_one_of_the_steps() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (extra,) = re.findall(r"--extra (\w+)", DOCKERFILE)
    assert extra == "run"
    assert extra in extras


def copied() -> list[str]:
    """List what the build takes from the repository."""
    lines = [line.split() for line in rest("COPY") if not line.startswith("--from")]
    return [source for *sources, _ in lines for source in sources]


def ignored(path: str) -> bool:
    """Tell whether `.dockerignore` keeps a path out: the last pattern that matches it, or a folder above, decides."""
    out = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        starts = list(parts) if "**/" in line else ["/".join(parts[: i + 1]) for i in range(len(parts))]
        if any(fnmatch.fnmatchcase(start, pattern) for start in starts):
            out = not line.startswith("!")
    return out


@pytest.mark.parametrize("source", copied())
def test_what_the_build_takes_is_there_and_reaches_it(source: str) -> None:
    assert (ROOT / source).exists()
    assert not ignored(source)


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".venv/bin/python",
        "generated/quickstart",
        "examples/quickstart/data/activity.parquet",
        "tests/conftest.py",
        "constraints/serve.txt",
        "mlopsctl/__pycache__/__init__.cpython-311.pyc",
        ".env",
    ],
)
def test_what_the_image_does_not_need_stays_out_of_the_build(path: str) -> None:
    assert ignored(path)


def test_the_package_finds_all_its_files_in_the_build() -> None:
    needed = {"readme", "license-files"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [project["readme"], *project["license-files"]]
    assert needed <= project.keys()
    for name in named:
        assert name in copied()
        assert not ignored(name)
    assert not ignored("mlopsctl/cli/commands/step.py")
    assert not ignored("mlopsctl/engines/kfp/health.lua")


def test_the_documented_build_gives_every_argument_that_has_no_default() -> None:
    text = (ROOT / "docs" / "images.md").read_text(encoding="utf-8")
    for argument in rest("ARG"):
        name, sign, _ = argument.partition("=")
        assert f"--build-arg {name}=" in text
        assert sign or f"--build-arg {name}=" in DOCKERFILE


@pytest.mark.oracle
@pytest.mark.parametrize("python", ["3.11.0", "3.11.3", "3.12", "3.13"])
def test_the_libraries_and_every_client_can_be_installed_together(tmp_path: Path, python: str) -> None:
    """Let uv resolve the image's command for each Python: some need a package that the others have built in."""
    (command,) = [line for line in rest("RUN") if "--extra" in line]
    page = (ROOT / "docs" / "images.md").read_text(encoding="utf-8")
    clients = re.findall(r"`(feast\[\w+\]|great-expectations)`", page)
    program, *words = shlex.split(command.replace("${CLIENTS}", " ".join(sorted(set(clients)))))
    assert (program, words[:2], len(set(clients))) == ("uv", ["pip", "install"], 6)
    venv.create(tmp_path / "venv", with_pip=False)
    tried = subprocess.run(
        [Path(sys.executable).with_name("uv"), *words, "--dry-run", "--python-version", python],
        cwd=ROOT,
        env={**os.environ, "VIRTUAL_ENV": str(tmp_path / "venv")},
        capture_output=True,
        text=True,
        check=False,
    )
    if "error sending request" in tried.stderr:
        pytest.skip("the package index cannot be reached")
    assert tried.returncode == 0, tried.stderr
    pinned = {
        line
        for name in ("core", "run", "clients")
        for line in (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    }
    installed = set(re.findall(r"^ \+ (\S+==\S+)$", tried.stderr, re.MULTILINE))
    assert installed
    assert installed <= pinned, "a version that no file of pins settles"


def test_the_model_servers_image_has_the_pins_of_serving_and_the_user_of_pods() -> None:
    server = instructions((ROOT / "Dockerfile.server").read_text(encoding="utf-8"))
    assert server[0] == Instruction("ARG", "BASE")
    assert {line.split()[0] for line in rest("FROM", server)} == {"${BASE}"}
    assert rest("USER", server) == rest("USER", FINAL)
    (install,) = rest("RUN", server)
    assert "uv pip install --requirement constraints/serve.txt" in install
    sources = [source for line in rest("COPY", server) if not line.startswith("--from") for source in line.split()[:-1]]
    kept = (ROOT / "Dockerfile.server.dockerignore").read_text(encoding="utf-8").split("\n")
    assert {f"!{source}" for source in sources} == {line for line in kept if line.startswith("!")}
    for flavor in ("xgboost-cpu", "lightgbm"):
        assert f"\n{flavor}==" in (ROOT / "constraints" / "run.txt").read_text(encoding="utf-8")
