"""Great Expectations: the suite of a training set, run by its checkpoint as the tree has it.

In: a call of the data check. Out: outcomes, one a column of the contract and one a check of the spec. The documents are
those that were rendered, with the data set's own folder. The library drops what it does not know and calls the rest a
success: as many expectations are loaded as were written, or nothing has been checked.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from mlopsctl.catalogue.file_context import Whose, documents
from mlopsctl.catalogue.great_expectations import CRITICAL, VERSION, Expectation, suite
from mlopsctl.runtime.artifacts import plain
from mlopsctl.runtime.call import Broken, Call
from mlopsctl.runtime.failures import first_line
from mlopsctl.runtime.outcomes import FAILED, INFO, NOT_RUN, PASSED, WARNED, Condition, Outcome

_OFF = {"GX_ANALYTICS_ENABLED": "false", "TQDM_DISABLE": "1"}
_FAILED = {CRITICAL: FAILED, "warning": WARNED, "info": INFO}
_WORST = (FAILED, NOT_RUN, WARNED, INFO, PASSED)


def run(call: Call) -> tuple[Outcome, ...]:
    """Hold the data set to its columns' contract and to the spec's checks of it."""
    wanted = suite(call.checks.contract, call.checks.stages)
    if not wanted:
        return ()
    identity = call.blueprint.identity
    whose = Whose(identity.workspace, identity.environment, identity.system)
    project = call.work / "great-expectations"
    _write(project / "gx", documents(whose, wanted, str(call.input("dataset"))))
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        results = _results(project, whose, wanted)
    return tuple(_outcomes(results))


def _library() -> Any:
    """Import the library, with nothing that calls home or draws bars."""
    os.environ.update(_OFF)
    try:
        import great_expectations
    except ImportError:
        message = f"great-expectations {VERSION} is not installed: the image needs `mlopsctl[great-expectations]`"
        raise Broken(message, "stack.checks.engine") from None
    return great_expectations


def _write(folder: Path, made: Mapping[str, Any]) -> None:
    """Write the documents; a JSON text is YAML as well."""
    for path, document in made.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, default=float, indent=1) + "\n", encoding="utf-8")


def _results(project: Path, whose: Whose, wanted: Iterable[Expectation]) -> list[Mapping[str, Any]]:
    """Run the checkpoint, and return each expectation's result as plain data."""
    gx = _library()
    try:
        context = gx.get_context(mode="file", project_root_dir=str(project))
        loaded = Counter(one.expectation_type for one in context.suites.get(whose.suite).expectations)
        dropped = Counter(one.type for one in wanted) - loaded
        if dropped:
            raise Broken(f"Great Expectations {gx.__version__} drops {', '.join(sorted(dropped))}", "spec.checks.data")
        found = context.checkpoints.get(whose.suite).run()
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"Great Expectations cannot run the suite: {first_line(error)}", "spec.checks.data") from error
    return [one for result in found.run_results.values() for one in result.to_json_dict()["results"]]


def _outcomes(results: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
    """Put the results of what is about one thing together, in their order."""
    by_name: dict[str, list[tuple[Condition, Mapping[str, Any]]]] = {}
    for result in results:
        meta = result["expectation_config"]["meta"]
        by_name.setdefault(meta["of"], []).append((_condition(meta["says"], result), result))
    for name, found in by_name.items():
        conditions = tuple(condition for condition, _ in found)
        state = next(each for each in _WORST if any(one.state == each for one in conditions))
        reasons = [one.details for one in conditions if one.state not in (PASSED, INFO) or state == INFO]
        observed = found[0][1]["result"].get("observed_value") if len(found) == 1 else None
        value = plain(observed) if isinstance(observed, int | float | str) else None
        yield Outcome(name, state, "; ".join(filter(None, reasons)), True, conditions, value)


def _condition(says: str, result: Mapping[str, Any]) -> Condition:
    """Say how one expectation came out, and why."""
    if result["success"]:
        return Condition(says, PASSED, "")
    raised = _raised(result.get("exception_info") or {})
    if raised:
        return Condition(says, NOT_RUN, raised)
    severity = result["expectation_config"].get("severity", CRITICAL)
    return Condition(says, _FAILED[severity], _reason(says, result["result"]))


def _raised(info: Mapping[str, Any]) -> str:
    """Return the first line of what was raised; the library keeps one for each metric, or one for all."""
    found = [info] if "raised_exception" in info else [one for one in info.values() if isinstance(one, Mapping)]
    said = [str(one.get("exception_message") or "it could not run") for one in found if one.get("raised_exception")]
    return next((line for text in said for line in text.splitlines() if line.strip()), "")


def _reason(says: str, result: Mapping[str, Any]) -> str:
    if result.get("unexpected_count"):
        of = result.get("element_count", "all")
        shown = next(iter(result.get("partial_unexpected_list") or ()), None)
        example = "" if shown is None else f", as {shown}"
        return f"{says}: {result['unexpected_count']} of {of} rows break it{example}"
    if "observed_value" in result:
        return f"{says}: it is {plain(result['observed_value'])}"
    return f"{says}: it does not hold"
