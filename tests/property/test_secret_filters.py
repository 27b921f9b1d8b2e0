"""The cheap tests before the search for credentials change no answer.

Oracle: the same patterns, each searched for in the whole text without any test before it; texts are seeded.
"""

from __future__ import annotations

import random
import re

from hostile import counts
from hostile.secret_forms import ISSUED, NAMES, PLACED, canary, seeded

from mlopsctl.secrets import forms, names, values

WORDS = (
    *("sha256:", "ghcr.io/acme/x:1.4", "card_activity.txn_count_1h", "the token of the trade", "--", "=", " = ", ": "),
    *(
        "@",
        "/",
        "\n",
        '"',
        "'",
        " ",
        "]",
        "x",
        "https://",
        "bob:",
        "Bearer ",
        "curl -u ",
        "sig=",
        "\N{LATIN SMALL LETTER LONG S}ig",
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
        "PW=",
        "é",
    ),
)


def text(chance: random.Random) -> str:
    """Return a few words, names and pieces of credentials, cut anywhere."""
    pieces = []
    for _ in range(chance.randrange(1, 7)):
        form = chance.choice((*ISSUED.values(), *PLACED.values()))
        value = canary(form, chance).written
        at = chance.randrange(len(value))
        pieces.append(chance.choice([chance.choice(WORDS), chance.choice(NAMES), value, value[at:], value[:at]]))
    return "".join(pieces)


def searched(text: str) -> bool:
    """Search for everything, whatever the text is like."""
    return (
        any(forms.issued().search(text, *long.span()) for long in values._LONG.finditer(text))
        or any(re.search(pattern, text) for _, pattern in forms._PLACED)
        or forms.key_block().search(text) is not None
        or any(values._is_random(match[0]) for match in values._RANDOM.finditer(text))
        or any(True for _ in values._assigned(text, strict=True))
    )


def test_no_test_before_the_search_hides_a_credential_or_adds_one() -> None:
    chance, tried, wrong = seeded(30), counts.times(1500), []
    for _ in range(tried):
        sample = text(chance)
        if values.has_secret(sample) != searched(sample):
            wrong.append(sample)
    counts.tell("texts searched for credentials with and without the tests before", tried, f"{len(wrong)} differ")
    assert wrong == []


def test_every_name_that_is_assigned_to_passes_the_test_before() -> None:
    for name in (*NAMES, "pw", "creds", "sas", "conn_str", "sharedAccessSignature", "ssh_key"):
        assert names.may_assign(f"{name}=hunter2x9".lower()), name
