"""Credentials of every common issuer are found wherever they stand, and no finding repeats one."""

from __future__ import annotations

import pytest
import yaml
from projects import SPEC, WORKSPACE, checked, edited, spec

from mlopsctl.diagnostics.render import json as json_format
from mlopsctl.secrets.values import MASK, conceal, has_secret, masked

HEX, WORD = "0123456789abcdef", "Ab1" * 20
# Made up, in the issuers' forms.
SECRETS = {
    "Amazon key": "AKIA" + "IOSFODNN7EXAMPLE",
    "Amazon session": "ASIA" + "IOSFODNN7EXAMPLE",
    "Google key": "AIza" + WORD[:35],
    "Google access": "ya29." + WORD[:40],
    "GitHub": "ghp_" + WORD[:36],
    "GitHub fine-grained": "github_pat_" + WORD[:40],
    "GitLab": "glpat-" + WORD[:20],
    "Slack bot": "xoxb-" + "123456789012-abcdefABCDEF",
    "Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/" + WORD[:24],
    "Discord webhook": "https://discord.com/api/webhooks/123456789/" + WORD[:40],
    "Stripe": "sk_live_" + WORD[:24],
    "OpenAI": "sk-" + WORD[:48],
    "Hugging Face": "hf_" + WORD[:34],
    "npm": "npm_" + WORD[:36],
    "PyPI": "pypi-" + WORD[:60],
    "Vault": "hvs." + WORD[:24],
    "Databricks": "dapi" + HEX * 2,
    "DigitalOcean": "dop_v1_" + HEX * 4,
    "SendGrid": "SG." + WORD[:22] + "." + WORD[:43],
    "Twilio": "SK" + HEX * 2,
    "Grafana": "glsa_" + WORD[:32] + "_0123abcd",
    "Shopify": "shpat_" + HEX * 2,
    "Telegram": "123456789:AA" + WORD[:33],
    "Azure": "AccountKey=" + WORD[:44] + "==",
    "age": "AGE-SECRET-KEY-1" + "QPZRY9X8" * 7,
    "signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "password in an address": "postgresql://admin:hunter2@db.example.com/features",
    "signed address": "https://store.example.com/3?sig=" + WORD[:20],
}
# What stands in real specs and is no credential.
HARMLESS = [
    "sha256:5f1d7c0e2a94b8d36e0c7f4a1b2d9e8c3f6a5b4d7e8091a2b3c4d5e6f708192a",
    "s3://acme-models/risk-scoring-model-for-europe/41/model.pkl",
    "risk-scoring-model-for-europe-2024-A",
    "ghcr.io/acme/task-runner-for-cards:1.4",
    "https://mlflow.example.com:5000/path?x=1",
    "postgresql://db.example.com:5432/features",
    "git@git.example.com:acme/ml.git",
    "4f0c2d9b8a7e4c1f9d3b6a5e8c7f1a20",
    "Scores card payments for fraud, key by key; the token of the trade",
]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_credential_is_known_by_its_form_and_concealed(secret: str) -> None:
    assert has_secret(f"see {secret}")
    assert secret not in conceal(f"the value `{secret}` is wrong")
    assert MASK in conceal(secret)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_credential_is_left_alone(text: str) -> None:
    assert not has_secret(text)
    assert conceal(text) == text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("registry: {name", "params: {note: %s}\n    registry: {name"),
        ("summary: The scorer is away", "summary: %s"),
        ("source: card_stats", "source: %s"),
        ("ttl: 2h", "ttl: %s"),
        ("key: card_id, type: string}\n    views", "key: card_id, type: string, description: %s}\n    views"),
        ("entity: card\n", "entity: card\n        %s: 1\n"),
    ],
    ids=["params", "summary", "reference", "duration", "description", "key"],
)
def test_a_credential_is_reported_as_one_wherever_it_stands_and_never_repeated(secret: str, old: str, new: str) -> None:
    result = checked(spec((old, new % _quoted(secret))))
    assert "MLC704" in result.codes
    printed = json_format.dumps(json_format.document(result.diagnostics))
    assert secret not in printed
    assert secret.partition("@")[0] not in printed


def test_where_a_secret_stands_nothing_else_is_said() -> None:
    result = checked(spec(("ttl: 2h", "ttl: " + SECRETS["GitHub"])))
    assert result.codes == ["MLC704"]


@pytest.mark.parametrize("key", ["password", "db_password", "api_key", "apiKey", "access-key", "token", "secret_key"])
def test_a_value_under_a_telling_key_is_a_secret(key: str) -> None:
    result = checked(spec(("registry: {name", f"params: {{{key}: hunter2}}\n    registry: {{name")))
    assert result.codes == (["MLC704"] if "-" not in key else ["MLC112", "MLC704"])


@pytest.mark.parametrize("value", ["regcred", "[x]", "[ghcr-pull-7f3k2, b]", "ghcr-pull-7f3k2"])
@pytest.mark.parametrize("name", ["imagePullSecrets", "image_pull_secrets", "imagePullSecret", "existingSecret"])
def test_the_name_of_an_object_that_holds_a_secret_is_none(name: str, value: str) -> None:
    result = checked(spec(("registry: {name", f"params: {{{name}: {value}}}\n    registry: {{name")))
    assert result.codes == []


@pytest.mark.parametrize("name", ["tokenizer", "max_tokens", "secretary", "passes", "keys"])
def test_a_key_that_only_sounds_like_one_is_left_alone(name: str) -> None:
    result = checked(spec(("registry: {name", f"params: {{{name}: bert-base}}\n    registry: {{name")))
    assert result.codes == []


def test_a_column_may_be_named_like_a_secret() -> None:
    result = checked(
        spec(("txn_count_1h: {type: int64}", "txn_count_1h: {type: int64}\n          password: {type: string}"))
    )
    assert result.codes == []


def test_the_name_of_a_secret_is_none_and_its_content_is_never_shown() -> None:
    stack = "  stack: {registry: {engine: mlflow, uri: 'https://mlflow.example.com', secret: %s}}\n  environments:"
    named = edited(WORKSPACE, ("  environments:", stack % "mlflow-login"))
    assert checked(SPEC, workspace=named).codes == []
    content = edited(WORKSPACE, ("  environments:", stack % "'Tr0ub4dor&3'"))
    finding = checked(SPEC, workspace=content).only()
    assert finding.code == "MLC704"
    assert "Tr0ub4dor" not in finding.message + finding.help


ARGUMENTS = {
    "option and value": "[train, --password, hunter2x]",
    "option with sign": "[train, --token=hunter2x]",
    "one text": "[train, --api-key hunter2x]",
    "long option": "[--db-password, hunter2x, --depth, 6]",
    "number": "[--password, 20261129]",
    "within": "[[train, [--client-secret, hunter2x]]]",
}
ORDINARY_ARGUMENTS = ("[--depth, '6', --password-file, /run/pw]", "[-p, x]", "[--token, $(TOKEN)]", "[--auth, basic]")


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_the_value_of_a_telling_option_is_a_secret_and_masked(arguments: str) -> None:
    result = checked(spec(("registry: {name", f"params: {{args: {arguments}}}\n    registry: {{name")))
    assert result.codes == ["MLC704"]
    shown = str(masked({"args": yaml.safe_load(arguments)}))
    assert "hunter2x" not in shown
    assert "20261129" not in shown


@pytest.mark.parametrize("arguments", ORDINARY_ARGUMENTS)
def test_other_arguments_are_left_alone(arguments: str) -> None:
    result = checked(spec(("registry: {name", f"params: {{args: {arguments}}}\n    registry: {{name")))
    assert "MLC704" not in result.codes
    assert not has_secret(arguments)
