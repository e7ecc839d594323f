"""Raspberry Pi Pico W with a Quectel EG25-G."""
