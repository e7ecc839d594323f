"""Scenarios: what happens to a handset and when, and what must come of it."""
