"""Credentials in every form that is known to leak: made up from a seed, and found again by their words."""

from __future__ import annotations

import random
import re
import string
from typing import NamedTuple

SETS = {
    "a": string.ascii_letters + string.digits,
    "h": "0123456789abcdef",
    "U": string.ascii_uppercase + "234567",
}
# `{a8}` stands for 8 letters and digits, `{h32}` for hex digits, `{U16}` for capitals and digits, `{p}` for a password.
ISSUED = {
    "amazon": "AKIA{U16}",
    "alibaba": "LTAI{a20}",
    "atlassian": "ATATT3{a60}",
    "bitbucket": "ATBB{a32}",
    "gitlab personal": "glpat-{a20}",
    "gitlab runner": "glrt-{a20}",
    "gitlab deploy": "gldt-{a20}",
    "gitlab runner of old": "GR1348941{a20}",
    "github": "ghp_{a36}",
    "slack bot": "xoxb-123456789012-{a24}",
    "slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/{a24}",
    "slack workflow": "https://hooks.slack.com/workflows/T00000000/A00000000/123456789/{a24}",
    "slack gov": "https://hooks.slack-gov.com/services/T00000000/B00000000/{a24}",
    "teams": "https://acme.webhook.office.com/webhookb2/{h8}-{h4}-{h4}-{h4}-{h12}@{h8}-{h4}-{h4}-{h4}-{h12}/IncomingWebhook/{h32}",
    "neptune": "eyJhcGlfYWRkcmVzcyI6{a80}",
    "google key": "AIza{a35}",
    "google oauth": "GOCSPX-{a28}",
    "google refresh": "1//0{a60}",
    "azure application": "{a3}8Q~{a34}",
    "azure storage": "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={a86}==",
    "docker": "dckr_pat_{a27}",
    "stripe live": "sk_live_9{a24}",
    "stripe test": "rk_test_9{a24}",
    "webhook secret": "whsec_9{a32}",
    "openai": "sk-A9{a46}",
    "vault": "hvs.{a90}",
    "databricks": "dapi{h32}",
    "sendgrid": "SG.A{a21}.{a43}",
    "pgp block": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n{a60}\n-----END PGP PRIVATE KEY BLOCK-----",
    "rsa key": "-----BEGIN RSA PRIVATE KEY-----\n{a64}\n-----END RSA PRIVATE KEY-----",
    "amazon secret": "{a39}Z9",
    "encoded signed token": "ZXlKaGJHY2lPaU{a60}",
    "1password": "A3-{U6}-{U11}-{U5}-{U5}-{U5}",
    "bedrock": "ABSK{a110}",
    "sentry": "sntryu_{h64}",
    "putty": "PuTTY-User-Key-File-2: ssh-rsa\n{a64}\n{a64}",
    "signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx{a20}.{a43}",
}
PLACED = {
    "address": "https://bob:{p}@db.example.com/y",
    "address with slash": "postgresql://bob:{p}/{p}@db.example.com:5432/y",
    "upper-case address": "POSTGRES://BOB:{p}@DB.EXAMPLE.COM/Y",
    "address without scheme": "bob:{p}@db.example.com/y",
    "address without user": "redis://:{p}@redis.example.com:6379",
    "parameter": "https://api.example.com/v1?user=a&password={p}",
    "signed address": "https://store.example.com/x?sig={a32}",
    "ado": "Server=tcp:db.example.com;Uid=bob;Pwd={p};",
    "libpq": "host=db.example.com user=bob password={p} dbname=x",
    "jdbc": "jdbc:sqlserver://db.example.com:1433;user=bob;password={p}",
    "jdbc parameter": "jdbc:postgresql://db.example.com/x?user=bob&password={p}",
    "bearer": "Bearer {a32}",
    "header": "Authorization: Basic {a20}",
    "option": "train --db-password {p}",
    "option with sign": "train --api-key={p}",
    "variable": "DB_PASSWORD={p}",
    "json": '{"user": "bob", "password": "{p}"}',
    "yaml": "password: {p}",
    "camel case": '"acmeSecret": "{p}"',
    "indexed": '["acme_api_key"] = "{p}"',
    "curl": "curl -u bob:{p} https://api.example.com",
}
NAMES = (
    *("password", "db_password", "dbPassword", "passwd", "pwd", "passphrase", "token", "auth_token", "accessToken"),
    *("api_key", "apiKey", "secret_key", "client_secret", "access_key", "private_key", "credential", "signing_key"),
    *("HF_TOKEN", "connection_string", "auth", "pat", "dsn", "jwt", "account_key", "webhook_secret", "secret"),
)


class Canary(NamedTuple):
    """A credential: what is written, and the words of it that nobody may see again."""

    written: str
    words: tuple[str, ...]


def canary(form: str, rng: random.Random) -> Canary:
    """Fill a form."""
    words: list[str] = []

    def filled(match: re.Match[str]) -> str:
        words.append(password(rng) if match[1] == "p" else "".join(rng.choices(SETS[match[1]], k=int(match[2]))))
        return words[-1]

    return Canary(re.sub(r"\{([pahU])([0-9]*)\}", filled, form), tuple(w for w in words if len(w) >= 8))


def password(rng: random.Random) -> str:
    """Make up a password as people have them: not random enough to be seen, and found again by its digits."""
    return "".join(rng.choices(string.ascii_lowercase, k=6)) + "".join(rng.choices("23456789", k=4))


def seeded(seed: int) -> random.Random:
    """Return a source of the same words in every run."""
    return random.Random(seed)  # noqa: S311 - nothing is kept secret with them
