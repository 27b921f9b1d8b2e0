"""What runs in a cluster, read and never written: every request is a read, or a dry run."""
