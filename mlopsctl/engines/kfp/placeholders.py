"""What the launcher replaces in a step's command line, just before the program starts."""

from __future__ import annotations

from typing import Final

from mlopsctl.blueprint.model.pipelines import StepParameter
from mlopsctl.engines.shared.steps import Places


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


PLACES: Final = Places(
    input_path=_input_artifact, output_path=_output_artifact, parameter_path=_output_parameter, value=_value
)
