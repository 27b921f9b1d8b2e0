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

if TYPE_CHECKING:
    from mlopsctl.cli.laptop import Laptop
    from mlopsctl.runtime.call import Call


@click.command(name="predict")
@click.argument("path", required=False)
@click.option(
    "--input", "given", required=True, type=click.Path(path_type=Path), help="Rows: .parquet, .csv or .jsonl."
)
@click.option("--output", "wanted", required=True, type=click.Path(path_type=Path), help="Where rows and answers go.")
@click.option("--env", "environment", help="The environment; `local`, or the only one, by default.")
@click.option("--model-version", help="The registered version; by default the one that the alias points to.")
def command(path: str | None, given: Path, wanted: Path, environment: str | None, model_version: str | None) -> int:
    """Score a file in batch.

    Rows hold the entity's key and the request's fields, or the model's own inputs. With a column `event_timestamp`
    features are as they were at each row's time; without one they are the newest.
    """
    from mlopsctl.cli import laptop

    laptop.need_libraries()
    with laptop.told():
        prepared = laptop.prepare(path, environment)
        if prepared is None:
            return cli.ERRORS
        work = Path(tempfile.mkdtemp(prefix="mlopsctl-"))
        try:
            return _predict(prepared, _call(prepared, work), given, wanted, model_version)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _predict(prepared: Laptop, call: Call, given: Path, wanted: Path, number: str | None) -> int:
    from mlopsctl.runtime.local import registered, scoring

    locked = next((one.stable.version.run for one in prepared.blueprint.endpoints), None)
    found = registered.find(prepared.blueprint, prepared.layout, locked, number)
    rows = scoring.read(given)
    scoring.write(wanted, scoring.score(call, found.folder, rows))
    click.echo(f"{len(rows)} rows scored by {found.name} version {found.version}: {wanted}")
    return cli.OK


def _call(prepared: Laptop, work: Path) -> Call:
    """Return what the feature store is opened with; the user's transforms are found beside the spec."""
    import warnings

    from mlopsctl.runtime.call import Call
    from mlopsctl.runtime.log import Log

    warnings.simplefilter("ignore")
    blueprint, layout = prepared
    sys.path.insert(0, str(layout.home))
    return Call(
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
        log=Log(lambda line: click.echo(line, err=True, nl=False), lambda: datetime.now(UTC), structured=False),
    )
