"""The feature groups and feature views of alternatives in research."""

import claims_features


def apply(fs):
    """Create what is not there yet; change nothing."""
    claims_features.groups(fs)
    claims_features.views(fs)
