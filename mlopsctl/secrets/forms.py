"""Detect credentials by format: prefixes of issuers, surrounding text, and randomness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

# Prefixes of issuers followed only by letters and digits; the number is the minimum count of these.
_PLAIN_TAILS = {
    "(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)(?=[A-Z0-9]{16})": 16,  # Amazon
    "LTAI": 20,  # Alibaba
    "AKC": 24,  # Artifactory; shorter ones resemble words
    "EZ[AT]K": 54,  # EasyPost
    "EAA[MC]": 20,  # Facebook
    "gh[pousr]_": 20,  # GitHub
    "GOCSPX-(?=[A-Za-z0-9_-]{28})": 4,  # Google, OAuth
    "(?:hf_|api_org_)": 30,  # Hugging Face
    "ico-": 32,  # Infracost
    "key-(?=[0-9a-f]{32})": 32,  # Mailgun
    "npm_": 36,
    "lin_api_": 40,  # Linear
    "pnu_": 36,  # Prefect
    "rdme_": 70,  # ReadMe
    "(?:[rs]k|whsec)_(?=[A-Za-z]*[0-9])": 16,  # Stripe, and webhooks
    "(?:[rs]k|whsec)_(?:live|test|prod)_(?=[a-z]*[A-Z0-9])": 10,
    "sm_(?:aat|pat|sat)_": 16,  # SettleMint
    "SK(?=[0-9a-fA-F]{32})": 32,  # Twilio
    "AC(?=[0-9a-f]{32})": 32,
    "API-(?=[A-Z0-9]{26})": 26,  # Octopus
    "p8e-": 32,  # Adobe
    "dp\\.(?:pt|st|ct|sa|scim|audit)\\.": 40,  # Doppler
    "CLOJARS_": 60,
    "ATBB": 24,  # Bitbucket
    "tfp_": 40,  # Typeform
    "(?:dapi)(?=[0-9a-f]{32})": 32,  # Databricks
    "(?:pul-|rubygems_|do[opr]_v1_|shippo_(?:live|test)_|shp(?:at|ca|pa|ss)_)(?=[a-fA-F0-9]{32})": 32,
}
# Unique prefixes, followed by letters, digits and symbols.
_LOOSE_TAILS = {
    "AIza": 35,  # Google, keys
    "ya29\\.": 20,  # Google, access
    "1//0": 30,  # Google, refresh
    "github_pat_": 20,
    "gl(?:pat|dt|rt|cbt|ft|imt|ffct|agent|oas|ptt|soat|pat-routable|wt)-": 20,  # GitLab
    "GR1348941": 20,
    "_gitlab_session=": 20,
    "AT(?:ATT3|CTT3|LAT)[A-Za-z0-9]": 20,  # Atlassian
    "xox[abceoprsd](?:\\.xox[bp])?-(?=[0-9A-Za-z-]*[0-9])": 10,  # Slack
    "xapp-[0-9]-": 10,
    "(?:dckr_pat|dckr_oat)_": 20,  # Docker
    "sk-(?=[\\w-]*[0-9])(?=[\\w-]*[A-Z])": 20,  # providers of language models
    "sk-ant-": 20,
    "pypi-(?=[\\w-]*[A-Z])": 40,
    "hv[sbr]\\.": 20,  # Vault
    "SG\\.(?=[\\w.=-]*[A-Z])": 32,  # SendGrid
    "gl(?:sa|c)_": 30,  # Grafana
    "(?:FLW(?:SECK|PUBK)_TEST-)": 12,  # Flutterwave
    "(?:fo1|fm1[ar]|fm2)_": 40,  # Fly
    "fio-u-": 60,  # Frame
    "duffel_(?:test|live)_": 40,
    "dt0[a-z][0-9]{2}\\.": 40,  # Dynatrace
    "ops_eyJ": 60,  # 1Password
    "pscale_(?:tkn|oauth|pw)_": 30,  # PlanetScale
    "PMAK-": 50,  # Postman
    "s-s4t2(?:ud|af)-": 60,  # 42
    "(?:sq0(?:atp|csp)-|EAAA)": 22,  # Square
    "tk-us-": 48,  # Scalingo
    "v1\\.0-[a-f0-9]{24}-": 100,  # Cloudflare
    "(?:pat|sat)\\.[\\w-]{22}\\.": 40,  # Harness
    "sha256~": 43,  # OpenShift
    "AGE-SECRET-KEY-1": 40,
    "ABSK": 100,  # Amazon Bedrock
    "bedrock-api-key-": 28,
    "xkeysib-": 60,  # Brevo
    "cmVmd(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[0-9])": 59,  # Artifactory, references
    "HRKU-AA": 58,  # Heroku
    "ntn_(?=[0-9]{11})": 40,  # Notion
    "pplx-": 48,  # Perplexity
    "sgp_": 40,  # Sourcegraph
    "sntry[su]_": 40,  # Sentry
}
_SHAPES = (
    r"[0-9]{5,16}:A[A-Za-z0-9_-]{34}",  # Telegram
    r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",  # 1Password, secret keys
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}",  # Terraform
    r"[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}",  # Discord
    r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",  # Azure, applications
    r"(?=[a-z]{0,31}[0-9])[0-9a-z]{32}-us[0-9]{1,2}(?![0-9])",  # Mailchimp
    r"(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][\w+/=.-]{20,}",  # Authress
    r"[0-9]{15,16}(?:\||%)[0-9A-Za-z_-]{27,40}",  # Facebook, applications
    r"s\.(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{24}(?![A-Za-z0-9])",  # Vault, of old
    r"ey[A-Za-z0-9_-]{6,}\.ey[A-Za-z0-9_/-]{6,}\.?[A-Za-z0-9_/+=-]*",  # a JSON Web Token
    r"eyJ(?:hcGlfYWRkcmVzcyI6|rIjoi)[A-Za-z0-9+/=_-]{30,}",  # Neptune; Grafana of old
    r"ZXlK[A-Za-z0-9/_+-]{40,}={0,2}",  # a JSON Web Token, encoded again
    r"eyJ[A-Za-z0-9+/_-]{60,}={0,2}",  # any JSON object, encoded
)
_HOST = r"(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9a-f:]+\])"
_END = r"\\\s\"'<>`$,;{}"
# Each with a text that must occur before the pattern is tried. The group `keep` may be shown.
_PLACED = (
    # A password in an address; a number that can be a port is a port.
    ("@", r"(?P<keep>//[^/\s:@?#\"'<>`]*:)(?!\*\*\*@|[0-9]{1,5}[/?#])[^\s\"<>`]+@(?=[\w.\[$-])"),
    # The same without a scheme: the part after the host, or the password, distinguishes it from a mail address.
    (
        "@",
        rf"(?P<keep>(?<![\w/.@:+-])(?!mailto:|sip:)[\w.%+-]+:)(?!//|\*\*\*@)[^\s\"'<>`@]{{3,}}@(?={_HOST}(?::[0-9]+|/))",
    ),
    (
        "@",
        rf"(?P<keep>(?<![\w/.@:+-])(?!mailto:|sip:)[\w.%+-]+:)(?!//|\*\*\*@)(?=[^\s@]*[0-9!$%^&*#+=~])[^\s\"'<>`@]{{6,}}@(?={_HOST})",
    ),
    ("hooks.slack", r"(?P<keep>(?i:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/))[A-Za-z0-9+/_-]{20,}"),
    ("discord", r"(?P<keep>(?i:discord(?:app)?\.com/api/webhooks/))[0-9]+/[A-Za-z0-9_-]+"),
    ("webhook", rf"(?P<keep>(?i:\.webhook\.office\.com/|outlook\.office(?:365)?\.com/webhook/))[^{_END}]{{20,}}"),
    ("softlayer", r"(?P<keep>(?i:api\.softlayer\.com/soap/v3(?:\.1)?/))[a-z0-9]{64}"),
    ("sig", rf"(?i)(?P<keep>[?&;](?:sig|signature|x-(?:amz|goog)-signature)=)[^&{_END}]{{8,}}"),
    ("key=", r"(?i)(?P<keep>(?:account|sharedaccess|shared)key=)[a-z0-9+/=%]{20,}"),
    ("signature=", rf"(?i)(?P<keep>sharedaccesssignature=)[^{_END}]{{20,}}"),
    (
        "authorization",
        r"(?P<keep>(?i:authorization)\\?[\"']?\s*[:=]\s*\\?[\"']?(?:(?i:basic|bearer|token|digest|apikey)\s+)?)"
        rf"(?=[^{_END}]+[0-9A-Z=]|[^{_END}]{{16}})[^{_END}]{{6,}}",
    ),
    ("bearer", r"(?i)(?P<keep>\bbearer\s+)(?=[\w.~+/=-]*[0-9]|[\w.~+/=-]{24})[\w.~+/=-]{8,}"),
    (
        "x-",
        rf"(?i)(?P<keep>\bx-(?:api-key|(?:auth|vault|csrf|amz-security)-token)\\?[\"']?\s*[:=]\s*\\?[\"']?)[^{_END}]{{6,}}",
    ),
    ("curl", r"(?P<keep>\bcurl\b[^\n]*?\s(?:-u|--user)[ =]\s*\\?[\"']?)[^\s\"':$]+:[^\s\"'$]+"),
)
_KEY_BLOCKS = ("-----begin", "putty-user-key")
KEY_BLOCK = (
    r"-----BEGIN[ A-Z0-9_-]{0,100}(?:PRIVATE KEY|PGP MESSAGE)(?: BLOCK)?-----"
    r"[\s\S]*?(?:-----END[ A-Z0-9_-]{0,100}-----|\Z)|PuTTY-User-Key-File-[0-9]:[\s\S]*"
)


@cache
def issued() -> re.Pattern[str]:
    """Return the pattern of credentials with an issuer's prefix at the start of a word."""
    plain = [f"{mark}[A-Za-z0-9]{{{least},}}" for mark, least in _PLAIN_TAILS.items()]
    loose = [f"{mark}[A-Za-z0-9_.=+/-]{{{least},}}" for mark, least in _LOOSE_TAILS.items()]
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join((*plain, *loose, *_SHAPES))})")


def placed(lowered: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of credentials recognised by their surroundings that may match a lower-case text."""
    yield from (_compiled(pattern) for needle, pattern in _PLACED if needle in lowered)


def may_hold(lowered: str) -> bool:
    """Return, by a cheap test, whether a lower-case text may match `placed` or `key_block`."""
    return _needles().search(lowered) is not None


@cache
def _needles() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, (*_KEY_BLOCKS, *dict.fromkeys(needle for needle, _ in _PLACED)))))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def key_block() -> re.Pattern[str]:
    """Return the pattern of a private key, which may have many lines."""
    return re.compile(KEY_BLOCK)
