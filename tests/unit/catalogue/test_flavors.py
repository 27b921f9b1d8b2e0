from __future__ import annotations

import pytest

from mlopsctl.catalogue.flavors import FLAVORS
from mlopsctl.engines.model_servers import served_by, serving
from mlopsctl.engines.signals import kinds

ENGINES = (("seldon", "2"), ("seldon", "1"), ("kserve", "0.20"), ("mlserver", "1.7"))


@pytest.mark.parametrize("name", FLAVORS)
@pytest.mark.parametrize(("engine", "version"), ENGINES)
def test_every_flavor_is_served_by_every_engine_and_reports_as_a_known_kind(
    name: str, engine: str, version: str
) -> None:
    served = served_by(name, engine, version)
    assert served is not None

    assert all(served.words)
    assert served.kind in kinds(engine, version)
    assert served.note


def test_seldon_2_serves_the_registrys_package() -> None:
    served = served_by("sklearn", "seldon", "2")
    assert served is not None

    assert served.words == ("mlflow",)


def test_kserve_reads_the_model_file_where_the_package_has_one_it_knows() -> None:
    own, packaged = served_by("sklearn", "kserve", "0.20"), served_by("lightgbm", "kserve", "0.20")
    assert own is not None
    assert packaged is not None

    assert (own.words, own.runtime, own.kind) == (("sklearn",), "kserve-sklearnserver", "service")
    assert (packaged.words, packaged.runtime, packaged.kind) == (("mlflow",), "kserve-mlserver", "model")


def test_a_flavor_without_a_server_of_its_own_has_none() -> None:
    kserve = serving("kserve", "0.20")
    assert kserve is not None

    assert "pyfunc" not in kserve.native
    assert all(FLAVORS[name].files for name in kserve.native)


def test_what_is_unknown_is_served_by_nothing() -> None:
    assert served_by("onnx", "seldon", "2") is None
    assert served_by("sklearn", "github", "") is None
