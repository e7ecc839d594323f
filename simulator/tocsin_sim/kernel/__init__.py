"""One clock, one event queue, one seed: everything simulated happens here, in order."""

from tocsin_sim.kernel.events import FOREVER_US, Event, Kernel
from tocsin_sim.kernel.pacing import RealTimeLoop
from tocsin_sim.kernel.trace import Direction, Trace, TraceListener

__all__ = [
    "FOREVER_US",
    "Direction",
    "Event",
    "Kernel",
    "RealTimeLoop",
    "Trace",
    "TraceListener",
]
