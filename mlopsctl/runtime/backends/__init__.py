"""Libraries and servers that steps use: feature stores, registries, checks, run engines."""
