"""Texts that verbs print for people."""
