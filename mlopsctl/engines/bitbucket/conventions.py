"""The words of Bitbucket Pipelines: where the file lies, and which image its steps run in."""

from __future__ import annotations

from typing import Final

PLACE: Final = "bitbucket-pipelines.yml"
"""The one file that Bitbucket reads, so that one workspace of a repository has it."""
EVERY_BRANCH: Final = "**"
FOLDER: Final = "mlopsctl-review"
"""Where what is found is kept. Only what lies below the checkout can be an artifact."""
REVIEW: Final = f"$BITBUCKET_CLONE_DIR/{FOLDER}"
BASE: Final = "$BITBUCKET_PR_DESTINATION_COMMIT"
