"""Cellular modem: commands, calls and messages."""
