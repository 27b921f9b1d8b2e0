"""What Hopsworks has, as names that the rendered module and the steps agree on.

Read at hopsworks 5.2.1.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 1
"""The version of every feature group and view: the spec has one of each, and a changed one is told."""
TABLES: Final = ("bigquery", "snowflake", "redshift", "postgres")
"""Sources that Hopsworks reads itself, through a storage connector."""
FILES: Final = ("parquet", "csv")
"""Sources that the steps read, and insert."""
API_KEY: Final = "HOPSWORKS_API_KEY"
"""The variable that the client is let in with."""
LONGEST_NAME: Final = 63


def rows_group(text: str) -> str:
    """Name the feature group of the labelled rows that a set is joined to."""
    return f"{text}_rows"
