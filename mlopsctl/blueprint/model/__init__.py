"""The Blueprint: everything decided about one system in one environment, neutral to engines.

Whatever two of them need to agree on (a name, a port, a path, a window, a threshold) is here, once. Lengths of time are
whole seconds, ratios and thresholds are Decimal, absent things are None or empty tuples.
"""
