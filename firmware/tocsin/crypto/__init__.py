"""Cryptography that never holds up a press."""
