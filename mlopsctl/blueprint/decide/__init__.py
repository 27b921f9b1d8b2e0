"""Decide names, ports, steps, windows and thresholds, one module per section of the Blueprint."""
