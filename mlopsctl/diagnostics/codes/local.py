"""The codes MLC945-MLC949: the checks of `run` before its first step.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

CODE = Code(
    "MLC945",
    "code that cannot be imported",
    Severity.ERROR,
    "Before its first step, `run` reads the modules that the spec names and the modules that they import. A missing "
    "module, name or package would fail the run minutes later, in the step that imports it. Imports in `try`, under "
    "`if` and in functions are not checked.",
    "add the module to the spec's folder, install the package, or correct the name",
    "code: {entrypoint: 'churn.trian:train'}\n",
    "code: {entrypoint: 'churn.train:train'}\n",
)
FILE = Code(
    "MLC946",
    "file that does not match its source",
    Severity.ERROR,
    "Before its first step, `run` reads the header of each local file: the file must exist and have the columns that "
    "the spec lists, and in Parquet the columns must have types that can be joined. The steps check the values.",
    "correct the path or the columns of the source, or create the file again",
    "activity: {type: parquet, path: data/activty.parquet, eventTime: ts}\n",
    "activity: {type: parquet, path: data/activity.parquet, eventTime: ts}\n",
)

CODES: tuple[Code, ...] = (CODE, FILE)
