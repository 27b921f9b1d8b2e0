"""`mlopsctl predict`: score a file with the registered model, its features and its transforms."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlopsctl import cli
from mlopsctl.cli import terminal
from mlopsctl.cli.group import Verb

if TYPE_CHECKING:
    from mlopsctl.runtime.local.prepare import LocalSystem
    from mlopsctl.runtime.step_context import StepContext


@click.command(cls=Verb, name="predict")
@click.argument("path", required=False)
@click.option(
    "--input", "source", required=True, type=click.Path(path_type=Path), help="Rows to score: .parquet, .csv or .jsonl."
)
@click.option(
    "--output-file", "target", required=True, type=click.Path(path_type=Path), help="File for the rows and predictions."
)
@click.option("--env", "environment", help="Environment. Default: `local`, or the only one.")
@click.option("--model-version", help="Registered version. Default: the one that the alias points to.")
def command(path: str | None, source: Path, target: Path, environment: str | None, model_version: str | None) -> int:
    """Score a file of rows.

    Rows contain the entity's key and the request fields, or the model's own inputs. With a column `event_timestamp`,
    features are looked up as of each row's time; without it, the newest features are used.
    """
    from mlopsctl.cli.failures import reported
    from mlopsctl.runtime.local.prepare import need_libraries, prepare

    need_libraries()
    with reported():
        prepared = prepare(path, environment)
        work = Path(tempfile.mkdtemp(prefix="mlopsctl-"))
        try:
            return _predict(prepared, _context(prepared, work), source, target, model_version)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _predict(prepared: LocalSystem, step_context: StepContext, source: Path, path: Path, number: str | None) -> int:
    from mlopsctl.runtime.local import registered, scoring

    locked = next((endpoint.stable.version for endpoint in prepared.blueprint.endpoints), None)
    run, package = (locked.run, locked.package) if locked else (None, None)
    version = registered.find(prepared.blueprint, prepared.layout, run, number, package)
    rows = scoring.read(source, version.folder)
    scoring.write(path, scoring.score(step_context, version.folder, rows))
    terminal.echo(f"{len(rows)} rows scored by {version.name} version {version.version}: {path}")
    return cli.OK


def _context(prepared: LocalSystem, work: Path) -> StepContext:
    """Return the context to open the feature store with; the user's transforms are imported from the spec's folder."""
    import warnings

    from mlopsctl.runtime.log import Log
    from mlopsctl.runtime.step_context import StepContext

    warnings.simplefilter("ignore")
    blueprint, layout, *_ = prepared
    sys.path.insert(0, str(layout.home))
    return StepContext(
        step="predict",
        blueprint=blueprint,
        inputs={},
        outputs={},
        parameters={},
        root=layout.home,
        features=layout.features,
        work=work,
        now=datetime.now(UTC),
        environ=dict(os.environ),
        log=Log(lambda line: terminal.echo(line, err=True, nl=False), lambda: datetime.now(UTC), structured=False),
    )
