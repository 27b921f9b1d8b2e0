"""The decisions: names, ports, steps, windows and thresholds, one module a section."""
