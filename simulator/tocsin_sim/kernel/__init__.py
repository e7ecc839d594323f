"""One clock, one event queue, one seed: everything simulated happens here, in order."""

from tocsin_sim.kernel.branch import Branch
from tocsin_sim.kernel.events import FOREVER_US, Event, Kernel
from tocsin_sim.kernel.pacing import RealTimeLoop
from tocsin_sim.kernel.trace import Direction, Trace, TraceListener

__all__ = [
    "FOREVER_US",
    "Branch",
    "Direction",
    "Event",
    "Kernel",
    "RealTimeLoop",
    "Trace",
    "TraceListener",
]
