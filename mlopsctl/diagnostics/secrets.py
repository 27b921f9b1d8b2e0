"""What a credential looks like, so that no finding shows one.

In: text. Out: whether a known form of credential is in it, and the text without it. Never keeps what it has seen.
"""

from __future__ import annotations

import re
from functools import cache

MASK = "***"
_SHORTEST = 16

# Forms that begin with a mark of their issuer. They begin a word: `risk-scoring` holds no `sk-` key.
_ISSUED = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",  # Amazon
    r"AIza[0-9A-Za-z_-]{35}",  # Google, keys
    r"ya29\.[0-9A-Za-z_-]{20,}",  # Google, access
    r"gh[pousr]_[A-Za-z0-9]{20,}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"glpat-[A-Za-z0-9_-]{20,}",  # GitLab
    r"ATATT3[A-Za-z0-9_=-]{20,}",  # Atlassian
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
    r"xapp-[0-9]-[A-Za-z0-9-]{10,}",
    r"[rs]k_live_[A-Za-z0-9]{16,}",  # Stripe
    r"sk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}",  # providers of language models
    r"hf_[A-Za-z0-9]{30,}",  # Hugging Face
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-[A-Za-z0-9_-]{40,}",
    r"hv[sb]\.[A-Za-z0-9_-]{20,}",  # Vault
    r"dapi[0-9a-f]{32}",  # Databricks
    r"dop_v1_[a-f0-9]{64}",  # DigitalOcean
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",  # SendGrid
    r"SK[0-9a-f]{32}",  # Twilio
    r"gl(?:sa|c)_[A-Za-z0-9_+/=]{30,}",  # Grafana
    r"shpat_[a-fA-F0-9]{32}",  # Shopify
    r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",  # Telegram
    r"AGE-SECRET-KEY-1[0-9A-Z]{40,}",
    r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",  # a signed token
)
# Forms that are known by what stands around them.
_PLACED = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"hooks\.slack\.com/services/T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]+",
    r"discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+",
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@",  # a password in an address
    r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{20,}",  # Azure
    r"[?&](?:sig|token|password|api_?key|access_token)=[^&\s]{8,}",
)


@cache
def _known() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_ISSUED)})|{'|'.join(_PLACED)}")


def has_secret(text: str) -> bool:
    """Tell whether a known form of credential stands in the text."""
    # Most texts are short names; of the short forms, one has an `@` and the other a `=`.
    if len(text) < _SHORTEST and "@" not in text and "=" not in text:
        return False
    return _known().search(text) is not None


def conceal(text: str) -> str:
    """Return the text with every known form of credential masked."""
    return _known().sub(MASK, text) if has_secret(text) else text
