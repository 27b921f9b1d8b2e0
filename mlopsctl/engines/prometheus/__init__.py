"""Prometheus: rules, their unit tests, monitors and notification routes."""
