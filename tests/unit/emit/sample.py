"""Write one of everything and print its hash: the bytes must be the same under every interpreter."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from mlopsctl.emit import json, promql, python, yaml
from mlopsctl.emit.argv import shell_line

TEXTS = [chr(code) + "a\n" + chr(code) for code in (*range(0xD800), *range(0xE000, 0x11000), 0x1FAE8, 0xE0041)]


def written() -> list[str]:
    """Return every emitter's text for the same hostile values."""
    value = {f"k{number}": text for number, text in enumerate(TEXTS)}
    matchers = tuple(promql.Matcher("a", "=", text) for text in TEXTS)
    return [
        yaml.dumps(value),
        json.dumps(value),
        json.compact(value),
        python.module("\n".join(TEXTS), [python.Assign("value", value)]),
        promql.text(promql.Selector("up", matchers)),
        shell_line(TEXTS),
    ]


if __name__ == "__main__":
    print(sha256("\0".join(written()).encode("utf-8")).hexdigest())
