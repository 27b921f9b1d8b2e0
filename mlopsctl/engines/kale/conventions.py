"""Constants of Kale, and the settings common to all rendered notebooks."""

from __future__ import annotations

from typing import Final

COMPONENT: Final = "pipeline"
NOTEBOOKS: Final = "notebooks"
METADATA: Final = "kubeflow_notebook"
KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}
FORMAT, MINOR = 4, 5

USER: Final = 65532
MARK: Final = "mlopsctl.dev/notebook"
"""The label of a step's pod, by which Kubeflow's PodDefault finds it: a notebook can ask for no ConfigMap."""

POD_DEFAULT: Final = ("kubeflow.org/v1alpha1", "PodDefault")
WORK, TEMPORARY, BLUEPRINT = "work", "tmp", "blueprint"

RUN_STEP: Final = "run_step"
HANDED: Final = "handed"

BREAKS_OUT: Final = ("'", "\\", "\n", "\r")
"""Kale writes a text parameter between single quotes when a run starts, and escapes nothing."""


def identifier(name: str) -> str:
    """Return a name as Kale and Python take it: `build-dataset` is `build_dataset`."""
    return name.replace("-", "_")


def variable(step: str, output: str) -> str:
    """Name the variable that hands on what a step made."""
    return f"{identifier(step)}__{identifier(output)}"
