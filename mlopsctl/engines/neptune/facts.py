"""Facts of neptune: versions, and what it can and cannot do."""

from __future__ import annotations

from typing import Final

from mlopsctl.catalogue.capability import abilities, no
from mlopsctl.engines.base import Facts, Registry

_NEPTUNE: Final = abilities(
    "versions tags",
    aliases=no("an alias is a field of a run in Neptune, and two runs can have the same alias", "mlops.lock"),
    served=no("Neptune's clients cannot resolve an alias to a version", "mlops.lock"),
    signatures=no("a run has no signature of its model", "the tag mlopsctl.signature"),
    artifacts=no("serving engines cannot read files of a Neptune run", "mlflow"),
    model_metrics=no("Neptune exports no Prometheus metrics", "checks.live"),
    stages=no("the model registry of generation 2 is deprecated, and generation 3 has none", "an alias"),
)
_NEPTUNE_END: Final = (
    "the hosted Neptune was shut down on 5 March 2026, and only self-hosted installations under a licence remain: "
    "MLflow is the maintained alternative"
)

FACTS: Final = (
    Facts(
        "registry",
        "neptune",
        ("2", "3"),
        "3",
        "unmaintained",
        "",
        _NEPTUNE,
        _NEPTUNE_END,
        folder="neptune",
        registry=Registry("mlopsctl.engines.neptune.backend:Neptune"),
    ),
)
