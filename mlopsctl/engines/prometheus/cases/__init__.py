"""Unit tests for the rules, in promtool's format: for every alert, a case that fires and one that does not."""
