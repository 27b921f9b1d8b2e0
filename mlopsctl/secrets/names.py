"""Names whose values are credentials: keys, variables, options and URL parameters."""

from __future__ import annotations

import re
from functools import cache, lru_cache

# A name that contains one of these has a credential as its value.
_OF_PASSWORDS = r"pass(?:words?|wd|phrase)|pwd"
_QUALIFIED = (
    r"(?:auth|access|api|bearer|refresh|session|id|oauth|bot|deploy|personal[_-]?access|security|sas)[_-]?tokens?"
    r"|(?:api|access|account|auth|private|secret|signing|encryption|master|shared|session|service|storage|app|ssh|hmac)"
    r"[_-]?keys?|apikeys?|(?:client|app|webhook|shared|consumer|oauth|jwt|signing|api)[_-]?secrets?"
    r"|secret[_-]?(?:access[_-]?key|key|value|token)|connection[_-]?string|conn[_-]?str|sharedaccesssignature"
)
_STRONG = rf"{_OF_PASSWORDS}|{_QUALIFIED}|credentials?"
_ALONE = r"token|secret"
# A name that equals or ends with one of these has a credential if the value looks like one.
_WEAK = frozenset(
    {
        "auth",
        "authorization",
        "pat",
        "dsn",
        "jwt",
        "sas",
        "pw",
        "pass",
        "bearer",
        "webhook",
        "cookie",
        "creds",
        "secret",
    }
)
# `imagePullSecret` and `existingSecret` are names of objects in a cluster.
_OF_OBJECTS = [[form] for word in ("pull", "existing", "tls") for form in (word, word.title())]
_BOUNDARY = r"(?:^|(?<=[_.\- /])|(?<=[a-z0-9])(?=[A-Z]))"
# `password_length` is a number, and `password_file` a path.
_ABOUT = (
    r"(?![_-]?(?:len|min|max|polic|count|column|field|reset|ttl|age|days|hours|require|enable|rotat|type|file|path|ref"
    r"|name|env|var|secret)s?)"
)
_HINTS = ("pass", "pw", "token", "secret", "key", "cred", "conn", "sharedaccess", "auth", "pat", "dsn", "jwt", "sas")
_PLACEHOLDER = re.compile(
    r"(?i)(?s:.*)\$[{(\w]|(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$)|\{\{?[^{}]*\}?\}|<[^<>]*>|%\(|\*{3}|(?:none|null|nil|true|false|yes|no|string|str|bool|bytes|int\d*|float\d*"
    r"|timestamp|required|optional|redacted|masked|hidden|from|env|file|vault|secret|existing)$"
)
_ORDINARY = re.compile(r"[A-Za-z]{1,20}(?:[-_ .:][A-Za-z]{1,20})*$|[\w.+-]+://[^@]*$|[\d.]+$")


@cache
def _named() -> re.Pattern[str]:
    # `Token` ends `userToken` and `user_token`; `password` also ends `dbpassword`.
    strong = rf"(?i:(?:{_OF_PASSWORDS}|{_QUALIFIED}){_ABOUT})"
    return re.compile(rf"{strong}|{_BOUNDARY}(?i:token|credentials?)(?:[_.-]?[0-9]+)?$")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Return whether a name marks a credential: `db_password`, `apiKey`, `HF_TOKEN`, `clientSecret`."""
    return _named().search(name) is not None


@lru_cache(maxsize=4096)
def suggests_credential(name: str) -> bool:
    """Return whether a name marks a value that looks like a credential: `auth`, `pat`, `dsn`, `REGISTRY_AUTH`."""
    words = re.split(r"[_.\- /]|(?<=[a-z0-9])(?=[A-Z])", name)
    return words[-1].lower() in _WEAK and words[-2:-1] not in _OF_OBJECTS


def is_placeholder(value: str) -> bool:
    """Return whether a value is a placeholder for a credential: a variable, a template, a mark, a type."""
    return _PLACEHOLDER.match(value) is not None


def is_ordinary(value: str) -> bool:
    """Return whether a value is a word, a name, a number or an address without a password."""
    return len(value) < 6 or _ORDINARY.match(value) is not None or is_placeholder(value)


def may_assign(lowered: str) -> bool:
    """Return, by a cheap test, whether a lower-case text may assign a value to such a name."""
    sign = "=" in lowered or ":" in lowered or "--" in lowered
    return sign and _hints().search(lowered) is not None


@cache
def _hints() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _HINTS)))


@cache
def assigned() -> re.Pattern[str]:
    """Return the pattern of a credential that a text assigns to a name; the group `keep` may be shown.

    `password=x`, `Pwd = "x"`, `?access_token=x`, `DB_PASSWORD=x`, `{"apiKey": "x"}`, `password: x`, `--token x`.
    """
    name = rf"(?i:{_STRONG}|(?<![a-z])(?:{_ALONE}|auth|pat|dsn|jwt|sas|creds|pw))"
    # `userToken` ends with a name; `broken` does not.
    name = rf"(?:{name}|(?<=[a-z0-9])(?:Token|Secret|Auth|Pat|Dsn|Jwt|Sas|Creds|Pw))(?:_?[0-9]+)?"
    sign = r"(?:\\?[\"'])?\]?\s*(?:=>|:=|={1,2}|:(?!/))\s*"
    option = rf"--(?:[\w-]*-)?(?i:{_STRONG}|{_ALONE}|pw)(?:\s+(?!=)|=)"
    quoted = r"\\?\"(?P<double>(?:[^\"\\]|\\[^\"])+)|\\?'(?P<single>(?:[^'\\]|\\[^'])+)"
    bare = r"(?P<bare>[^\s\"'`,;&<>{}()\[\]|\\]+)"
    return re.compile(rf"(?P<keep>(?:{name}{sign}|(?<![\w-]){option}))(?:{quoted}|{bare})")
