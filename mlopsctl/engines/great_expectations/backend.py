"""Great Expectations: the suite of a training set, run by its checkpoint as rendered.

The documents are the rendered ones, with the data set's folder. The library drops unknown expectations and reports
success, so the step compares the number of loaded expectations with the number in the document.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlopsctl.blueprint.model.training_contract import training_contract
from mlopsctl.engines.great_expectations.expectations import CRITICAL, VERSION, Expectation, suite
from mlopsctl.engines.great_expectations.file_context import ContextOwner, documents
from mlopsctl.runtime.backends.check_results import FAILED, INFO, NOT_RUN, PASSED, WARNED, Condition, Outcome
from mlopsctl.runtime.backends.checks import ContractChecks
from mlopsctl.runtime.data.artifacts import plain
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.step_context import StepContext, StepFailed

if TYPE_CHECKING:
    from mlopsctl.runtime.data.artifacts import Dataset

_OFF = {"GX_ANALYTICS_ENABLED": "false", "TQDM_DISABLE": "1"}
_FAILED = {CRITICAL: FAILED, "warning": WARNED, "info": INFO}
_WORST = (FAILED, NOT_RUN, WARNED, INFO, PASSED)


class GreatExpectations(ContractChecks):
    """Runs the suite of the data stage; the library cannot check splits and models."""

    def data(self, dataset: Dataset) -> tuple[Outcome, ...]:  # noqa: ARG002 - the library reads the files itself
        """Run the suite, which includes the columns' contract."""
        return run(self._context)


def run(step_context: StepContext) -> tuple[Outcome, ...]:
    """Check the data set against its columns' contract and the spec's data checks."""
    expectations = suite(training_contract(step_context.blueprint), step_context.checks.stages)
    if not expectations:
        return ()
    identity = step_context.blueprint.identity
    owner = ContextOwner(identity.workspace, identity.environment, identity.system)
    project = step_context.work / "great-expectations"
    _write(project / "gx", documents(owner, expectations, str(step_context.input("dataset"))))
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        results = _results(project, owner, expectations)
    return tuple(_outcomes(results))


def _library() -> Any:
    """Import the library, with telemetry and progress bars switched off."""
    os.environ.update(_OFF)
    try:
        import great_expectations
    except ImportError:
        message = f"great-expectations {VERSION} is not installed: the image needs `mlopsctl[great-expectations]`"
        raise StepFailed(message, "stack.checks.engine") from None
    return great_expectations


def _write(folder: Path, contents: Mapping[str, Any]) -> None:
    """Write the documents; a JSON text is YAML as well."""
    for path, document in contents.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, default=float, indent=1) + "\n", encoding="utf-8")


def _results(project: Path, owner: ContextOwner, expectations: Iterable[Expectation]) -> list[Mapping[str, Any]]:
    """Run the checkpoint, and return each expectation's result as plain data."""
    gx = _library()
    try:
        context = gx.get_context(mode="file", project_root_dir=str(project))
        loaded = Counter(expectation.expectation_type for expectation in context.suites.get(owner.suite).expectations)
        dropped = Counter(expectation.type for expectation in expectations) - loaded
        if dropped:
            raise StepFailed(
                f"Great Expectations {gx.__version__} ignores {', '.join(sorted(dropped))}", "spec.checks.data"
            )
        checkpoint_result = context.checkpoints.get(owner.suite).run()
    except StepFailed:
        raise
    except Exception as error:
        raise StepFailed(f"Great Expectations cannot run the suite: {first_line(error)}", "spec.checks.data") from error
    return [
        expectation_result
        for result in checkpoint_result.run_results.values()
        for expectation_result in result.to_json_dict()["results"]
    ]


def _outcomes(results: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
    """Group the results by check, in order."""
    by_name: dict[str, list[tuple[Condition, Mapping[str, Any]]]] = {}
    for result in results:
        meta = result["expectation_config"]["meta"]
        by_name.setdefault(meta["of"], []).append((_condition(meta["says"], result), result))
    for name, pairs in by_name.items():
        conditions = tuple(condition for condition, _ in pairs)
        state = next(worst for worst in _WORST if any(condition.state == worst for condition in conditions))
        reasons = [
            condition.details for condition in conditions if condition.state not in (PASSED, INFO) or state == INFO
        ]
        observed = pairs[0][1]["result"].get("observed_value") if len(pairs) == 1 else None
        value = plain(observed) if isinstance(observed, int | float | str) else None
        yield Outcome(name, state, "; ".join(filter(None, reasons)), True, conditions, value)


def _condition(sentence: str, result: Mapping[str, Any]) -> Condition:
    """Return the result of one expectation, with the reason."""
    if result["success"]:
        return Condition(sentence, PASSED, "")
    raised = _raised(result.get("exception_info") or {})
    if raised:
        return Condition(sentence, NOT_RUN, raised)
    severity = result["expectation_config"].get("severity", CRITICAL)
    return Condition(sentence, _FAILED[severity], _reason(sentence, result["result"]))


def _raised(info: Mapping[str, Any]) -> str:
    """Return the first line of the exception; the library stores one per metric, or one for all."""
    infos = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, Mapping)]
    messages = [
        str(entry.get("exception_message") or "it failed to run") for entry in infos if entry.get("raised_exception")
    ]
    return next((line for text in messages for line in text.splitlines() if line.strip()), "")


def _reason(sentence: str, result: Mapping[str, Any]) -> str:
    if result.get("unexpected_count"):
        total = result.get("element_count", "all")
        example_value = next(iter(result.get("partial_unexpected_list") or ()), None)
        example = "" if example_value is None else f", such as {example_value}"
        return f"{sentence}: {result['unexpected_count']} of {total} rows violate it{example}"
    if "observed_value" in result:
        return f"{sentence}: the value is {plain(result['observed_value'])}"
    return f"{sentence}: not met"
