"""Credentials that two well-kept detectors know are masked, and ordinary texts are left alone: both as figures.

Oracles: gitleaks (its rules make the credentials up, its detector says that they are some) and detect-secrets.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import BasePlugin

from hostile.secret_forms import ISSUED, PLACED, canary, seeded
from mlopsctl.secrets.names import is_secret_name
from mlopsctl.secrets.values import conceal, has_secret, is_secret

from . import counts

ROOT = Path(__file__).resolve().parents[2]
SHORTEST = 16
"""A shorter text is known by its surroundings alone."""

# Rules of gitleaks that are knowingly not covered.
NOT_COVERED = {
    "asana-client-id": "a public number",
    "discord-client-id": "a public number",
    "curl-auth-header": "the samples are punctuation over several lines; secret_forms.py has what people write",
    "curl-auth-user": "the samples are punctuation over several lines; secret_forms.py has what people write",
    "jwt-base64": "the rule names a piece without the signature; secret_forms.py has the token as a whole",
    "microsoft-teams-webhook": "the rule names a piece of the path; secret_forms.py has the address as a whole",
    "slack-webhook-url": "the samples have other characters for the dots of the host; secret_forms.py has the address",
}
# Rules of gitleaks that look at the name of a file, so that no sample is made of their expression.
OF_FILES = {
    *("freemius-secret-key", "hashicorp-tf-password", "kubernetes-secret-yaml", "nuget-config-password"),
    "privateai-api-token",
}
# A form for each plugin of detect-secrets; the words are as in secret_forms.py.
PLUGINS = {
    "AWSKeyDetector": "AKIA{U16}",
    "ArtifactoryDetector": ' "AKC{a30}"',
    "AzureStorageKeyDetector": "AccountKey={a86}==",
    "BasicAuthDetector": "https://bob:{p}@db.example.com/x",
    "CloudantDetector": '["cloudant_apikey"] = "{h64}"',
    "DiscordBotTokenDetector": "M{a24}.{a6}.{a27}",
    "GitHubTokenDetector": "ghp_{a36}",
    "GitLabTokenDetector": "glpat-{a20}",
    "IbmCloudIamDetector": 'ibm_cloud_iam_api_key = "{a44}"',
    "IbmCosHmacDetector": 'cos_hmac_secret_key = "{h48}"',
    "JwtTokenDetector": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{a43}",
    "KeywordDetector": 'db_password = "{p}"',
    "MailchimpDetector": "{h32}-us12",
    "NpmDetector": "//registry.npmjs.org/:_authToken=npm_{a36}",
    "OpenAIDetector": "sk-{a20}T3BlbkFJ{a20}",
    "PrivateKeyDetector": "-----BEGIN EC PRIVATE KEY-----\n{a64}\n-----END EC PRIVATE KEY-----",
    "PypiTokenDetector": "pypi-AgEIcHlwaS5vcmc{a70}",
    "SendGridDetector": "SG.A{a21}.{a43}",
    "SlackDetector": "xoxb-123456789012-{a24}",
    "SoftlayerDetector": "https://api.softlayer.com/soap/v3/{h64}",
    "SquareOAuthDetector": "sq0csp-{a43}",
    "StripeDetector": "sk_live_9{a23}",
    "TelegramBotTokenDetector": "123456789:AA{a33}",
    "TwilioKeyDetector": "SK{h32}",
    "Base64HighEntropyString": '"{a40}"',
}
# Plugins of detect-secrets that are knowingly not covered.
PLUGINS_NOT_COVERED = {
    "HexHighEntropyString": "hashes are hex: digests of images, fingerprints and commits stand all over a tree",
    "IPPublicDetector": "an address is no credential",
}
SENTENCES = ("{}", "the value `{}` is wrong", "- args: [--x, {}]", '{{"note": "{}"}}', "x={}\n")
NAMED = ("{}_token: {}", "{}_api_key={}", '"{}Secret": "{}"', '{}Token = "{}"', '["{}_secret_key"] = "{}"')


def shown(secret: str, text: str) -> bool:
    """Tell whether a piece of the second half of a credential, where no mark stands, is in the text."""
    half = secret[len(secret) // 2 :]
    return any(half[i : i + 8] in text for i in range(max(1, len(half) - 7)))


def a_word(text: str) -> bool:
    """Tell what no program can tell from a word, a number or a name: few letters, or digits alone."""
    return re.fullmatch(r"[A-Za-z]{1,20}|[\d.]+", text) is not None


# gitleaks


def samples(program: Path, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield rules and credentials of them, each detected by gitleaks itself."""
    output = subprocess.run([program, str(count), str(seed)], capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        sample = json.loads(line)
        yield from (
            (detection["rule"], detection["secret"])
            for detection in sample["detected"]
            if detection["rule"] == sample["rule"]
        )
        if not sample["detected"]:
            assert sample["rule"] in OF_FILES, sample["rule"]


def detected(program: Path, texts: list[str]) -> list[set[str]]:
    """Return the rules of gitleaks that find something in each text."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([program, "detect"], input=lines, capture_output=True, text=True, check=True).stdout
    return [{finding["rule"] for finding in json.loads(line)} for line in done.splitlines()]


@pytest.fixture(scope="module")
def corpus(secret_samples: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give credentials that gitleaks knows by their shape alone, and those that it knows by a name beside them."""
    every = [
        (rule, secret)
        for rule, secret in samples(secret_samples, counts.times(10), 10)
        if rule not in NOT_COVERED and secret.isascii() and secret.isprintable() and "\\" not in secret
    ]
    alone = detected(secret_samples, [f"x {secret} " for _, secret in every])
    return (
        [row for row, rules in zip(every, alone, strict=True) if row[0] in rules and len(row[1]) >= SHORTEST],
        [row for row, rules in zip(every, alone, strict=True) if row[0] not in rules and not a_word(row[1])],
    )


def test_what_gitleaks_knows_by_its_shape_is_masked_wherever_it_stands(
    corpus: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    by_shape, _ = corpus
    open_ = [
        (rule, text)
        for rule, secret in by_shape
        for text in (sentence.format(secret) for sentence in SENTENCES)
        if not has_secret(text) or shown(secret, conceal(text))
    ]
    rules = {rule for rule, _ in by_shape}
    counts.tell("credentials of gitleaks' rules, by shape", len(by_shape), f"{len(rules)} rules, {len(open_)} shown")
    assert open_ == []
    assert len(rules) >= 105


def test_what_gitleaks_knows_by_a_name_is_masked_beside_one(
    corpus: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    _, by_name = corpus
    open_ = []
    for rule, secret in by_name:
        vendor = rule.partition("-")[0]
        texts = [form.format(vendor, secret) for form in NAMED]
        open_ += [(rule, text) for text in texts if shown(secret, conceal(text))]
        open_ += [(rule, f"{vendor}{end}") for end in ("_token", "ApiKey") if not is_secret(vendor + end, secret)]
    rules = {rule for rule, _ in by_name}
    counts.tell("credentials of gitleaks' rules, by name", len(by_name), f"{len(rules)} rules, {len(open_)} shown")
    assert open_ == []
    assert len(rules) >= 95


def test_every_rule_that_is_not_covered_is_one_of_gitleaks(secret_samples: Path) -> None:
    output = subprocess.run([secret_samples, "1", "1"], capture_output=True, text=True, check=True).stdout
    rules = {json.loads(line)["rule"] for line in output.splitlines()}
    assert set(NOT_COVERED) | OF_FILES <= rules


# detect-secrets


def plugins() -> dict[str, type[BasePlugin]]:
    return {kind.__name__: kind for kind in get_mapping_from_secret_type_to_class().values()}


def test_every_plugin_of_detect_secrets_has_a_form_or_a_reason() -> None:
    assert set(plugins()) == set(PLUGINS) | set(PLUGINS_NOT_COVERED)


@pytest.mark.parametrize("name", PLUGINS)
def test_what_a_plugin_of_detect_secrets_knows_is_masked(name: str) -> None:
    rng = seeded(20)
    plugin = plugins()[name]()
    tried = 0
    for _ in range(counts.times(20)):
        secret = canary(PLUGINS[name], rng)
        known = any(plugin.analyze_line("x.yaml", line, 1) for line in secret.written.splitlines())
        # A random text may have less entropy than the plugin asks for.
        tried += known
        assert [word for word in secret.words if known and word in conceal(secret.written)] == []
    assert tried > counts.times(20) / 2


def test_what_either_knows_of_our_own_forms_is_masked(secret_samples: Path) -> None:
    """Each form is one that is masked; the oracles say that half are what others look for too."""
    rng = seeded(21)
    secrets = [canary(form, rng) for form in (*ISSUED.values(), *PLACED.values()) for _ in range(3)]
    kinds = [kind() for name, kind in plugins().items() if name not in PLUGINS_NOT_COVERED]
    theirs = detected(secret_samples, [secret.written for secret in secrets])
    known = [
        secret
        for secret, rules in zip(secrets, theirs, strict=True)
        if rules or any(kind.analyze_line("x", line, 1) for kind in kinds for line in secret.written.splitlines())
    ]
    assert len(known) >= len(secrets) * 0.5
    assert [secret for secret in secrets if any(word in conceal(secret.written) for word in secret.words)] == []


# False alarms


def leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of plain data with the key that it stands under."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield name, str(key)
            yield from leaves(member, str(key))
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, name)
    elif isinstance(value, str):
        yield name, value


def example_texts() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "examples").rglob("*.yaml")) + sorted((ROOT / "examples").rglob("*.lock")):
        for document in yaml.safe_load_all(file.read_text("utf-8")):
            yield from leaves(document)


def rendered_lines() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "generated").rglob("*")):
        if file.is_file():
            yield from (("", line) for line in file.read_text("utf-8").splitlines())


SAMPLES = frozenset({"default", "examples", "enum", "const", "description", "title", "$comment"})


def schema_texts() -> Iterator[tuple[str, str]]:
    """Yield the samples, defaults and descriptions of the public schemas that check-jsonschema carries."""
    folder = Path(str(check_jsonschema.__file__)).parent / "builtin_schemas" / "vendor"
    for file in sorted(folder.glob("*.json")):
        for name, text in leaves(json.loads(file.read_text("utf-8"))):
            if name in SAMPLES:
                yield "", text


CORPORA = {"examples": example_texts, "rendered lines": rendered_lines, "public schemas": schema_texts}
# Of so many texts at least, so many are taken for a credential.
FALSE_ALARMS = {"examples": (1_500, 0), "rendered lines": (20_000, 0), "public schemas": (5_000, 0)}


@pytest.mark.parametrize("name", CORPORA)
def test_so_few_ordinary_texts_are_taken_for_credentials(name: str) -> None:
    texts = list(CORPORA[name]())
    alarms = Counter(text for key, text in texts if has_secret(text) or (is_secret_name(key) and is_secret(key, text)))
    counts.tell(f"ordinary texts, {name}", len(texts), f"{sum(alarms.values())} taken for a credential")
    least, most = FALSE_ALARMS[name]
    assert len(texts) >= least
    assert sum(alarms.values()) <= most, alarms.most_common(20)
