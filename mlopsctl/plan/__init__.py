"""What a change does to the running systems: two Blueprints compared as effects."""
