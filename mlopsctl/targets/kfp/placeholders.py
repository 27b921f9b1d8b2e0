"""What the launcher replaces in a step's command line, just before the program starts.

In: names that the Blueprint checked. Out: placeholders. Never a user's text inside one.
"""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model import StepParameter
from mlopsctl.targets.steps import Places


def _input_artifact(name: str) -> str:
    return f"{{{{$.inputs.artifacts['{name}'].path}}}}"


def _output_artifact(name: str) -> str:
    return f"{{{{$.outputs.artifacts['{name}'].path}}}}"


def _output_parameter(name: str) -> str:
    return f"{{{{$.outputs.parameters['{name}'].output_file}}}}"


def _value(parameter: StepParameter) -> str:
    if parameter.value is not None:
        return parameter.value
    return f"{{{{$.inputs.parameters['{parameter.name}']}}}}"


PLACES: Final = Places(taken=_input_artifact, made=_output_artifact, left=_output_parameter, value=_value)
