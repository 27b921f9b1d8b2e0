"""What a change does: two states compared, as effects on the running system."""
