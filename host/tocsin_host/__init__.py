"""The host side of tocsin: talk to handsets, stand in for the answer point, measure and report."""
