"""A small interpreter of GitHub Actions: it does with a workflow what a runner does, a fresh machine a job.

In: a workflow as it was read from YAML, a pull request, the bare repository that it lies in. Out: how each step ended,
what it printed, the summaries and the outputs. It knows what our workflows use and breaks on everything else. Scripts
run as they stand; the few actions are done with what is here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.pods import Broken

Object = dict[str, Any]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_TOKEN = re.compile(r"\s*(&&|\|\||==|!=|!|\(|\)|'[^']*'|[A-Za-z_][\w.-]*)")
_KNOWN_STEP = {"name", "id", "if", "uses", "with", "env", "run", "shell", "working-directory"}
_KNOWN_JOB = {"name", "needs", "if", "runs-on", "timeout-minutes", "permissions", "outputs", "steps"}
_GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


@dataclass(frozen=True)
class PullRequest:
    """What the event says. `merge` is the commit that GitHub makes of the branch and its base."""

    number: int
    base: str
    merge: str
    repository: str = "acme/ml"
    head_repository: str = "acme/ml"
    login: str = "ann"

    def event(self) -> Object:
        """Return the event as far as a workflow may ask for it."""
        head = {"repo": {"full_name": self.head_repository}}
        return {
            "pull_request": {
                "number": self.number,
                "base": {"sha": self.base},
                "head": head,
                "user": {"login": self.login},
            }
        }


@dataclass
class Step:
    """How a step ended, and what it printed."""

    name: str
    outcome: str
    output: str = ""


@dataclass
class Job:
    """How a job ended."""

    result: str = "success"
    steps: list[Step] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    def step(self, name: str) -> Step:
        """Return a step by name."""
        return next(step for step in self.steps if step.name == name)

    @property
    def output(self) -> str:
        """Everything that was printed."""
        return "".join(step.output for step in self.steps)


class Runner:
    """Runs workflows and actions for one repository."""

    def __init__(self, folder: Path, origin: Path, variables: Mapping[str, str]) -> None:
        """`folder` holds the machines; `variables` are set on each of them, beside those that a runner sets."""
        self.folder, self.origin, self.variables = folder, origin, variables
        self.artifacts: dict[str, Path] = {}

    def run(self, workflow: Object, request: PullRequest) -> dict[str, Job]:
        """Run all jobs of a workflow, each after those that it needs."""
        if "pull_request" not in workflow["on"]:
            raise Broken("the workflow does not start on a pull request")
        done: dict[str, Job] = {}
        number = len(list(self.folder.glob("run-*")))
        for name, job in workflow["jobs"].items():
            if strange := set(job) - _KNOWN_JOB:
                raise Broken(f"a job with {sorted(strange)}")
            needed = {job_name: done[job_name] for job_name in ([job["needs"]] if "needs" in job else [])}
            machine = Machine(self, self.folder / f"run-{number}" / name, request, needed)
            failed = any(ended_job.result != "success" for ended_job in needed.values())
            if not machine.condition_holds(job.get("if"), failed=failed):
                done[name] = Job("skipped")
                continue
            done[name] = machine.run(job["steps"])
            outputs = job.get("outputs", {})
            done[name].outputs = {key: str(machine.filled(value)) for key, value in outputs.items()}
        return done

    def act(self, action: Object, path: Path, inputs: Mapping[str, str], request: PullRequest, checkout: Path) -> Job:
        """Run a composite action that lies at `path`, in a checkout that is there."""
        given = {key: input_.get("default", "") for key, input_ in action["inputs"].items()} | dict(inputs)
        machine = Machine(self, self.folder / "action", request, {}, workspace=checkout, inputs=given)
        machine.variables["GITHUB_ACTION_PATH"] = str(path)
        return machine.run(action["runs"]["steps"])


class Machine:
    """A fresh machine: its checkout, its temporary folder, and what is known while its steps run."""

    def __init__(
        self,
        runner: Runner,
        folder: Path,
        request: PullRequest,
        needed: Mapping[str, Job],
        *,
        workspace: Path | None = None,
        inputs: Mapping[str, str] | None = None,
    ) -> None:
        self.runner, self.request = runner, request
        self.workspace, self.temp = workspace or folder / "work", folder / "temp"
        self.summary = folder / "summary.md"
        for path in (self.workspace, self.temp, folder / "home"):
            path.mkdir(parents=True, exist_ok=True)
        self.summary.touch()
        self.steps: dict[str, Object] = {}
        self.failed = False
        self.variables = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": request.repository,
            "GITHUB_RUN_ID": "42",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temp),
            **_GIT,
            **runner.variables,
        }
        token = self.variables.pop("GITHUB_TOKEN", "")
        self.known: Object = {
            "github": {
                "event_name": "pull_request",
                "event": request.event(),
                "repository": request.repository,
                "token": token,
            },
            "runner": {"temp": str(self.temp)},
            "needs": {
                name: {"outputs": ended_job.outputs, "result": ended_job.result} for name, ended_job in needed.items()
            },
            "steps": self.steps,
            "inputs": dict(inputs or {}),
        }

    def run(self, steps: list[Object]) -> Job:
        """Run the steps in their order; one that fails keeps those that do not say otherwise from running."""
        job = Job()
        for step in steps:
            if strange := set(step) - _KNOWN_STEP:
                raise Broken(f"a step with {sorted(strange)}")
            if not self.condition_holds(step.get("if"), failed=self.failed):
                job.steps.append(Step(step["name"], "skipped"))
            else:
                job.steps.append(self._uses(step) if "uses" in step else self._script(step))
            self.steps[step.get("id", f"__{len(self.steps)}")] = {"outcome": job.steps[-1].outcome}
            self.failed = self.failed or job.steps[-1].outcome == "failure"
        job.result = "failure" if self.failed else "success"
        job.summary = self.summary.read_text(encoding="utf-8")
        return job

    def condition_holds(self, condition: str | None, *, failed: bool) -> bool:
        """Tell whether a step or a job runs. One that asks for no state runs only where all went well."""
        if condition is None:
            return not failed
        inner = _EXPRESSION.fullmatch(condition)
        expression = Expression(inner[1] if inner else condition, self.known)
        if "cancelled()" not in condition and failed:
            return False
        return expression.truth()

    def filled(self, value: Any) -> Any:
        """Return a value with its expressions evaluated."""
        if not isinstance(value, str):
            return value
        return _EXPRESSION.sub(lambda match: str(Expression(match[1], self.known).value() or ""), value)

    def _script(self, step: Object) -> Step:
        if "${{" in step["run"]:
            raise Broken("an expression in a script")
        script = self.temp / f"{len(self.steps)}.sh"
        script.write_text(step["run"], encoding="utf-8")
        variables = {**self.variables, **{key: str(self.filled(value)) for key, value in step.get("env", {}).items()}}
        folder = self.workspace / self.filled(step.get("working-directory", "."))
        call = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        ran = subprocess.run(call, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300)
        return Step(step["name"], "failure" if ran.returncode else "success", ran.stdout + ran.stderr)

    def _uses(self, step: Object) -> Step:
        action, _, commit = step["uses"].partition("@")
        if not re.fullmatch(r"[0-9a-f]{40}", commit):
            raise Broken(f"{step['uses']} is no commit")
        known = {
            "actions/checkout": self._checkout,
            "actions/setup-python": self._python,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
        }
        if action not in known:
            raise Broken(f"the action {action}")
        known[action](**{key.replace("-", "_"): self.filled(value) for key, value in step["with"].items()})
        return Step(step["name"], "success")

    def _checkout(self, *, persist_credentials: bool, fetch_depth: int) -> None:
        if persist_credentials or fetch_depth:
            raise Broken("a checkout with credentials or without history")
        for call in (
            ["clone", "-q", str(self.runner.origin), "."],
            ["fetch", "-q", "origin", "refs/pull/*:refs/pull/*"],
        ):
            self._git(*call)
        self._git("checkout", "-q", "--detach", self.request.merge)

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.workspace, env={**os.environ, **_GIT}, check=True, capture_output=True)

    def _python(self, *, python_version: str) -> None:
        if not re.fullmatch(r"3\.1[1-9]", python_version):
            raise Broken(f"Python {python_version}")

    def _upload(self, *, name: str, path: str, retention_days: int, overwrite: bool) -> None:
        if name in self.runner.artifacts and not overwrite:
            raise Broken(f"there is an artifact {name} already")
        kept = self.runner.folder / f"artifact-{len(self.runner.artifacts)}-{retention_days}"
        shutil.copytree(path, kept)
        self.runner.artifacts[name] = kept

    def _download(self, *, name: str, path: str) -> None:
        shutil.copytree(self.runner.artifacts[name], path, dirs_exist_ok=True)


class Expression:
    """An expression of names, texts, `!`, `&&`, `||`, `==` and `!=`. What an event does not have is None."""

    def __init__(self, text: str, known: Object) -> None:
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+", "", text):
            raise Broken(f"the expression {text}")
        self.known = known

    def truth(self) -> bool:
        """Return whether the expression holds."""
        return bool(self.value())

    def value(self) -> Any:
        """Return what the expression stands for."""
        value = self._either()
        if self.tokens:
            raise Broken(f"more of an expression: {self.tokens}")
        return value

    def _next(self, *tokens: str) -> bool:
        if self.tokens and self.tokens[0] in tokens:
            self.tokens.pop(0)
            return True
        return False

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._same()
        while self._next("&&"):
            other = self._same()
            value = value and other
        return value

    def _same(self) -> Any:
        value = self._one()
        if self._next("=="):
            return value == self._one()
        return value != self._one() if self._next("!=") else value

    def _one(self) -> Any:
        if self._next("!"):
            return not self._one()
        if self._next("("):
            value = self._either()
            if not self._next(")"):
                raise Broken("a bracket that does not close")
            return value
        word = self.tokens.pop(0)
        if word.startswith("'"):
            return word[1:-1]
        if self._next("("):
            if word != "cancelled" or not self._next(")"):
                raise Broken(f"the function {word}")
            return False
        return self._named(word)

    def _named(self, name: str) -> Any:
        root, *parts = name.split(".")
        if root not in self.known:
            raise Broken(f"the context {root}")
        value: Any = self.known[root]
        for part in parts:
            if not isinstance(value, dict) or (part not in value and root not in ("github", "needs")):
                raise Broken(f"nothing is called {name}")
            value = value.get(part)
            if value is None:
                return None
        return value
