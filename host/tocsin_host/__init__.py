"""The host side of tocsin: talk to handsets, stand in for the answer point, measure and report."""

__version__ = "0.1.0"
"""The distribution's version; a constant here because looking it up costs 50 ms."""
