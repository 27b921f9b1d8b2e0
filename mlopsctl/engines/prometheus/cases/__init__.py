"""Unit tests for the rules, in promtool's own format: for every alert a case that fires and one that is silent."""
