"""Thousands of seeded alarms over every fault: what each came to, and that it was told truly."""
