"""The Blueprint: everything decided about one system in one environment, neutral to engines.

Everything that two engines must agree on (names, ports, paths, windows, thresholds) is here, once. Durations are
whole seconds, ratios and thresholds are Decimal, absent things are None or empty tuples.
"""
