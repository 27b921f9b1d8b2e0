"""What another engine at a stage would mean for the specs."""
