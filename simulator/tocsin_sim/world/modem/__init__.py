"""Cellular modems as a handset sees them: an AT line and a few pins."""
