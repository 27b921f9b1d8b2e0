"""One-sentence errors of the verbs that run steps on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mlopsctl.errors import MlopsctlError


@contextmanager
def reported() -> Iterator[None]:
    """Turn external failures of a verb into one sentence; bugs in mlopsctl pass through."""
    from mlopsctl.runtime.failures import outside_cause
    from mlopsctl.runtime.step_context import StepFailed

    try:
        yield
    except (click.ClickException, MlopsctlError):
        raise
    except StepFailed as failure:
        raise click.ClickException(str(failure)) from failure
    except Exception as error:
        sentence = outside_cause(error)
        if not sentence:
            raise
        raise click.ClickException(sentence) from error
