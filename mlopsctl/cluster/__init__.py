"""Compare with a cluster, read-only: every request is a read or a dry run."""
