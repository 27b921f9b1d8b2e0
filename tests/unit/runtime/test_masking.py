from __future__ import annotations

import json

import pytest
from blueprints import blueprints, card_fraud

from mlopsctl.runtime.masking import masking


@pytest.mark.parametrize("name", ["DB_PASSWORD", "GITHUB_TOKEN", "aws_secret_access_key", "MY_API_KEY", "CREDENTIALS"])
def test_a_variable_named_like_a_secret_is_hidden(name: str) -> None:
    assert masking({name: "s3cr3t/value"}, None)("key s3cr3t/value, key s3cr3t%2Fvalue") == "key ***, key ***"


def test_a_variable_that_the_blueprint_fills_from_a_secret_is_hidden_whatever_its_name() -> None:
    blueprint = blueprints("demand-forecast", "prod")["demand-forecast"]
    named = {v.name for p in blueprint.pipelines for s in p.steps for v in s.environment if v.secret}
    assert "FEAST_OFFLINE_USERNAME" in named
    mask = masking(dict.fromkeys(named, "warehouse-reader"), blueprint)
    assert mask("as warehouse-reader") == "as ***"


def test_the_password_of_a_url_is_hidden_and_the_rest_is_not() -> None:
    mask = masking({"MLFLOW_TRACKING_URI": "https://ml:pa55word@mlflow.example/x"}, card_fraud())
    assert mask("https://ml:pa55word@mlflow.example/x") == "https://ml:***@mlflow.example/x"


def test_a_secret_inside_of_json_is_hidden_as_json_writes_it() -> None:
    value = 'quo"te\\d'
    mask = masking({"A_TOKEN": value}, None)
    assert "quo" not in mask(json.dumps({"message": value}))


def test_each_line_of_a_key_is_hidden_and_a_longer_secret_first() -> None:
    mask = masking({"A_PRIVATE_KEY": "line-one\nline-two", "B_TOKEN": "line-one-more"}, None)
    assert mask("line-two, line-one-more") == "***, ***"


def test_ordinary_and_short_values_stay() -> None:
    mask = masking({"HOME": "/home/me", "X_TOKEN": "abc", "PATH": "/bin"}, None)
    assert mask("/home/me abc /bin") == "/home/me abc /bin"
