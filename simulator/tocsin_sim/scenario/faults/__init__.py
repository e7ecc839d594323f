"""The catalogue of faults; one module for each layer of the world."""

from tocsin_sim.scenario.faults import button, handset, modem, network, position, radio
from tocsin_sim.scenario.faults.catalogue import FAULTS, Fault, Stop

__all__ = ["FAULTS", "Fault", "Stop", "button", "handset", "modem", "network", "position", "radio"]
