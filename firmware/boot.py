"""Runs first on every start; the slot choice of updates has its place here."""
