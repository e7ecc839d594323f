"""A handset in real time: its serial port and its test bench as ptys for foreign programs."""

from tocsin_sim.live.session import Live

__all__ = ["Live"]
