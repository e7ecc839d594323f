"""Pytest plugin of the rig."""
